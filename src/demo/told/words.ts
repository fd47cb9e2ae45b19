import type { Locale } from '../types.ts'

/** What the variations speak of. `name`: who complained, or ''; `owner`: who looks after it; `point`: the first point. */
export type Talk = { readonly name: string; readonly owner: string; readonly point: string }
type Say = (talk: Talk) => string
type Variations = Readonly<Record<Locale, readonly Say[]>>

const hant = ({ name }: Talk) => `${name}您好`
const hans = ({ name }: Talk) => `${name}您好`
const dear = ({ name }: Talk) => (name ? `Dear ${name}` : 'Hello')

/** Receipt, by whoever took it in. */
export const receipt: Variations = {
  'zh-Hant': [
    (t) => `${hant(t)}，您反映的「${t.point}」已登記，由${t.owner}負責，{{+2}}前給您進一步的說明。`,
    (t) => `${hant(t)}，收到了。我們先把「${t.point}」記下來，${t.owner}會看過您寫的每一句，{{+2}}前聯絡您。`,
    (t) => `${hant(t)}，謝謝您告訴我們。「${t.point}」已交給${t.owner}查證；您不需要再說一次，{{+2}}前會有消息。`,
  ],
  'zh-Hans': [
    (t) => `${hans(t)}，您反映的“${t.point}”已登记，由${t.owner}负责，{{+2}}前联系您。`,
    (t) => `${hans(t)}，收到了。“${t.point}”我们记下了，${t.owner}会逐条核实，{{+2}}前给您回话。`,
    (t) => `${hans(t)}，谢谢您告诉我们。这件事交给${t.owner}跟进，您不用再重复说明，{{+2}}前会有进展。`,
  ],
  en: [
    (t) => `${dear(t)}, thank you. ${t.owner} is looking after this and will write by {{+2}}.`,
    (t) =>
      `${dear(t)}, we have what you wrote and need nothing more for now. ${t.owner} will come back to you by {{+2}}.`,
    (t) => `${dear(t)}, this is with ${t.owner} now. You will hear by {{+2}}, whatever we have found by then.`,
  ],
}

/** The answer's last lines, after the points. */
export const ending: Variations = {
  'zh-Hant': [
    () => '若您不同意這個結果，30 天內可以申請覆核，由沒有參與過的人員重新看。',
    () => '造成您的困擾，抱歉。還有沒回答到的地方請直接回覆；不滿意也可在 30 天內申請覆核。',
    () => '以上如有不清楚，請找我。30 天內都可以申請覆核，會由另一位同仁辦理。',
  ],
  'zh-Hans': [
    () => '如果您不认可这个结果，30天内可以申请复核，由没有参与过的人员重新处理。',
    () => '给您添麻烦了，对不起。还有没说清楚的请直接回复；不满意可在30天内申请复核。',
    () => '有疑问随时找我。30天内可申请复核，会换一位同事重新看。',
  ],
  en: [
    () =>
      'If you do not agree, you can ask for a review within 30 days; someone who has not been involved will look again.',
    () =>
      'I am sorry for the trouble. If I have left something out, tell me; and you may ask for a review within 30 days.',
    () => 'Please reply if anything is unclear. You can ask for a review within 30 days.',
  ],
}

/** News on the way, where it takes longer. */
export const news: Variations = {
  'zh-Hant': [
    () => '先向您報告進度：資料已調到，還差一方的說明。{{+8}}前我會再寫信，不論有沒有結果。',
    () => '這件比預期久，抱歉。目前確認到一半，剩下的{{+8}}前告訴您。',
  ],
  'zh-Hans': [
    () => '先跟您说一下进展：记录已经调到，还差一方的说明。{{+8}}前我会再联系您，不管有没有结论。',
    () => '这件事比预计的久，抱歉。已核实一部分，剩下的{{+8}}前告诉您。',
  ],
  en: [
    () =>
      'A word on progress: I have the records and am waiting for one more account. I will write by {{+8}}, finished or not.',
    () => 'This is taking longer than it should, and I am sorry. Half is settled; I will tell you the rest by {{+8}}.',
  ],
}

/** Inside: while it is worked on. */
export const working: Variations = {
  'zh-Hant': [
    () => '已請門市提供當天紀錄與照片，先不下結論。',
    () => '訂單與客服紀錄都調出來了，對一下時間序再問倉庫。',
    () => '先聽完客人的說法再看系統，兩邊有出入的地方標起來。',
  ],
  'zh-Hans': [
    () => '已请门店提供当天记录和照片，先不下结论。',
    () => '订单和客服记录都调出来了，对一下时间线再问仓库。',
    () => '聊天记录完整看了一遍，有两处前后不一致，先核实。',
  ],
  en: [
    () => 'Asked the shop for its record of the day and for pictures. No view yet.',
    () => 'Order, chat and delivery records pulled; two times do not match, checking with the carrier.',
    () => 'Read everything from the beginning before asking them anything they have already told us.',
  ],
}

/** A call that nobody took, and one that was. */
export const rang: Variations = {
  'zh-Hant': [() => '響了八聲沒有人接，沒有留言。', () => '轉語音信箱，留了姓名與分機，說明下午會再打。'],
  'zh-Hans': [() => '响了很久没人接，发了短信说明下午再打。', () => '占线，稍后再拨。'],
  en: [() => 'No answer; left no message.', () => 'Voicemail. Said who I am and that I will try again this afternoon.'],
}
export const spoke: Variations = {
  'zh-Hant': [
    (t) => `通話中先聽完再確認：「${t.point}」。跟客人唸了一次登記內容，沒有遺漏。說好明天同一時間前回電。`,
    () => '聽完大約五分鐘，沒有打斷。客人說「終於有人聽我講完」。說好明天回電告知查證結果。',
  ],
  'zh-Hans': [
    (t) => `先听完，再复述一遍：“${t.point}”。客人确认无误。约好明天这个时间前回电。`,
    () => '通话六分钟，主要是听。客人情绪缓和了，约好明天告诉结果。',
  ],
  en: [
    () =>
      'Listened first, then read back what we have written down; nothing missing. Agreed that I ring again tomorrow.',
    () => 'Six minutes. Calm by the end. Promised an answer tomorrow, one way or the other.',
  ],
}
export const callBack: Readonly<Record<Locale, string>> = {
  'zh-Hant': '回電告知查證結果',
  'zh-Hans': '回电告知核实结果',
  en: 'Ring with what we have found',
}

/** Granted things on their way, and done. */
export const started: Variations = {
  'zh-Hant': [() => '已送出，單號存在附註。', () => '已交辦，當天執行。'],
  'zh-Hans': [() => '已提交办理。', () => '已下单，当天处理。'],
  en: [() => 'Put through today.', () => 'Arranged.'],
}
export const done: Variations = {
  'zh-Hant': [() => '客人確認已收到。', () => '完成，系統紀錄與客人說法一致。'],
  'zh-Hans': [() => '客人确认已收到。', () => '已完成，记录已核对。'],
  en: [() => 'Confirmed received.', () => 'Done, and checked with the customer.'],
}
export const content: Variations = {
  'zh-Hant': [() => '「可以，謝謝你們有處理。」', () => '客人表示接受，希望以後不要再發生。'],
  'zh-Hans': [() => '“行，谢谢，这事就算过去了。”', () => '客人接受处理结果。'],
  en: [() => '“That’s fine. Thank you for sorting it.”', () => 'Happy with it; hopes not to need us again.'],
}
