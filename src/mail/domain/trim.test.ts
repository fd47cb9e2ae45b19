import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newTextOf } from './trim.ts'

/** Each: name, mail, what its author wrote this time. */
const cases: readonly (readonly [string, string, string])[] = [
  [
    'Gmail',
    'It broke.\n\nOn Mon, Mar 2, 2026 at 10:00 AM Shop <service@shop.example> wrote:\n\n> We sent another.',
    'It broke.',
  ],
  [
    'Gmail, broken over lines',
    'It broke.\n\nOn Mon, Mar 2, 2026 at 10:00 AM Shop Service Centre\n<service@shop.example>\nwrote:\n\n> We sent another.',
    'It broke.',
  ],
  [
    'Gmail in Taiwan',
    '還是壞的。\n\nShop <service@shop.tw> 於 2026年3月2日 週一 上午10:00寫道：\n\n> 已寄出',
    '還是壞的。',
  ],
  [
    'Apple in Taiwan',
    '還是壞的。\n\n從我的 iPhone 傳送\n\n> 客服中心 <service@shop.tw> 於 2026年3月2日 上午10:00 寫道：\n> \n> 已寄出',
    '還是壞的。',
  ],
  [
    'Apple on the mainland',
    '还是坏的。\n\n发自我的 iPhone\n\n> 在 2026年3月2日，上午10:00，客服 <service@shop.cn> 写道：\n> \n> 已寄出',
    '还是坏的。',
  ],
  [
    'Gmail on the mainland',
    '还是坏的。\n\n客服 <service@shop.cn> 于2026年3月2日周一 10:00写道：\n\n> 已寄出',
    '还是坏的。',
  ],
  [
    'Outlook',
    'It broke.\n\nFrom: Shop <service@shop.example>\nSent: Monday, March 2, 2026 10:00\nTo: Mei\nSubject: RE: kettle\n\nWe sent another.',
    'It broke.',
  ],
  [
    'Outlook with a rule',
    'It broke.\n\n________________________________\nFrom: Shop <service@shop.example>\nSent: Monday\nTo: Mei\nSubject: RE: kettle\n\nWe sent another.',
    'It broke.',
  ],
  [
    'Outlook in Taiwan',
    '還是壞的。\n\n寄件者: 客服 <service@shop.tw>\n寄件日期: 2026年3月2日 上午 10:00\n收件者: 王小明\n主旨: RE: 熱水壺\n\n已寄出',
    '還是壞的。',
  ],
  [
    'Outlook on the mainland',
    '还是坏的。\n\n发件人: 客服 <service@shop.cn>\n发送时间: 2026年3月2日 10:00\n收件人: 王小明\n主题: 答复: 水壶\n\n已寄出',
    '还是坏的。',
  ],
  [
    'QQ',
    '还是坏的。\n\n\n\n------------------ 原始邮件 ------------------\n发件人: "客服"<service@shop.cn>;\n发送时间: 2026年3月2日(星期一) 上午10:00\n收件人: "王小明"<ming@qq.com>;\n主题: 水壶\n\n已寄出',
    '还是坏的。',
  ],
  ['163', '还是坏的。\n\n\n\n\n\nAt 2026-03-02 10:00:00, "客服" <service@shop.cn> wrote:\n>已寄出', '还是坏的。'],
  [
    'Original Message',
    'It broke.\n\n-----Original Message-----\nFrom: Shop\nSent: Monday\n\nWe sent another.',
    'It broke.',
  ],
  [
    'Japanese Gmail',
    'まだ壊れています。\n\n2026年3月2日(月) 10:00 Shop <service@shop.example>:\n\n> 発送しました',
    'まだ壊れています。',
  ],
  [
    'Japanese iPhone',
    'まだ壊れています。\n\niPhoneから送信\n\n2026/03/02 10:00、Shop <service@shop.example>のメール:\n\n> 発送しました',
    'まだ壊れています。',
  ],
  [
    'German',
    'Immer noch kaputt.\n\nAm Mo., 2. März 2026 um 10:00 Uhr schrieb Shop <service@shop.example>:\n\n> Verschickt',
    'Immer noch kaputt.',
  ],
  [
    'German Outlook',
    'Immer noch kaputt.\n\nVon: Shop <service@shop.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: Mei\nBetreff: AW: Kessel\n\nVerschickt',
    'Immer noch kaputt.',
  ],
  [
    'French',
    'Toujours cassé.\n\nLe lun. 2 mars 2026 à 10:00, Shop <service@shop.example> a écrit :\n\n> Envoyé',
    'Toujours cassé.',
  ],
  [
    'Spanish',
    'Sigue roto.\n\nEl lun, 2 mar 2026 a las 10:00, Shop (<service@shop.example>) escribió:\n\n> Enviado',
    'Sigue roto.',
  ],
  [
    'Dutch',
    'Nog steeds kapot.\n\nOp ma 2 mrt 2026 om 10:00 schreef Shop <service@shop.example>:\n\n> Verzonden',
    'Nog steeds kapot.',
  ],
  [
    'Danish',
    'Stadig i stykker.\n\nDen man. 2. mar. 2026 kl. 10.00 skrev Shop <service@shop.example>:\n\n> Sendt',
    'Stadig i stykker.',
  ],
  [
    'Italian',
    'Ancora rotto.\n\nIl giorno lun 2 mar 2026 alle ore 10:00 Shop <service@shop.example> ha scritto:\n\n> Inviato',
    'Ancora rotto.',
  ],
  [
    'Czech',
    'Pořád rozbité.\n\npo 2. 3. 2026 v 10:00 odesílatel Shop <service@shop.example> napsal:\n\n> Odesláno',
    'Pořád rozbité.',
  ],
  [
    'Vietnamese',
    'Vẫn hỏng.\n\nVào Th 2, 2 thg 3, 2026 lúc 10:00 Shop <service@shop.example> đã viết:\n\n> Đã gửi',
    'Vẫn hỏng.',
  ],
  [
    'Portuguese',
    'Ainda quebrado.\n\nEm seg., 2 de mar. de 2026 às 10:00, Shop <service@shop.example> escreveu:\n\n> Enviado',
    'Ainda quebrado.',
  ],
  [
    'Polish',
    'Nadal zepsute.\n\npon., 2 mar 2026 o 10:00 Shop <service@shop.example> napisał(a):\n\n> Wysłane',
    'Nadal zepsute.',
  ],
  [
    'Russian',
    'Все еще сломан.\n\nпн, 2 мар. 2026 г. в 10:00, Shop <service@shop.example>:\n\n> Отправлено',
    'Все еще сломан.',
  ],
  ['Thunderbird', 'It broke.\n\nOn 3/2/2026 10:00 AM, Shop wrote:\n> We sent another.', 'It broke.'],
  ['Thunderbird in Taiwan', '還是壞的。\n\n客服 於 2026/3/2 上午 10:00 寫道:\n> 已寄出', '還是壞的。'],
  [
    'Yahoo in Taiwan',
    '還是壞的。\n\n    客服 <service@shop.tw> 在 2026年3月2日 星期一 上午10:00:00 [GMT+8] 寫道：  \n \n 已寄出',
    '還是壞的。',
  ],
  [
    'Outlook in bold',
    'It broke.\n\n*From:* Shop <service@shop.example>\n*Sent:* Monday\n*To:* Mei\n*Subject:* RE: kettle\n\nWe sent another.',
    'It broke.',
  ],
  [
    'Outlook in Japanese',
    'まだ壊れています。\n\n差出人: Shop <service@shop.example>\n送信日時: 2026年3月2日 10:00\n宛先: Mei\n件名: RE: ケトル\n\n発送しました',
    'まだ壊れています。',
  ],
  [
    'Outlook in French',
    'Toujours cassé.\n\nDe : Shop <service@shop.example>\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Mei\nObjet : RE: bouilloire\n\nEnvoyé',
    'Toujours cassé.',
  ],
  [
    'Korean',
    '아직 고장입니다.\n\n2026년 3월 2일 (월) 오전 10:00, Shop <service@shop.example>님이 작성:\n\n> 보냈습니다',
    '아직 고장입니다.',
  ],
  ['signature', 'It broke.\n\n-- \nMei Lin\n0912 345 678', 'It broke.'],
  ['telephone', 'It broke.\n\nSent from my iPhone', 'It broke.'],
  ['Outlook on a telephone', 'It broke.\n\nGet Outlook for iOS<https://aka.ms/x>', 'It broke.'],
  [
    'answers between quotes',
    'See below.\n\nOn Mon, Mar 2, 2026 at 10:00 AM Shop <s@shop.example> wrote:\n> Which one?\nThe red one.\n> When?\nOn Sunday.',
    'See below.\n\n> Which one?\nThe red one.\n> When?\nOn Sunday.',
  ],
  [
    'answer below',
    'On Mon, Mar 2, 2026 at 10:00 AM Shop <s@shop.example> wrote:\n> Which one?\n\nThe red one.',
    'The red one.',
  ],
  ['answer below a quote that nobody introduced', '> Which one?\n\nThe red one.', '> Which one?\n\nThe red one.'],
  [
    'signature below the quote',
    'The red one broke again on Sunday.\n\nOn Mon, Mar 2, 2026 at 10:00 AM Shop <s@shop.example> wrote:\n> Which one?\n\nMei Lin\n0912 345 678',
    'The red one broke again on Sunday.',
  ],
  [
    'answer below that is announced above',
    '您好，回覆如下，再麻煩您處理，謝謝。\n\nShop <s@shop.tw> 於 2026年3月2日 週一 上午10:00寫道：\n> 哪一個？\n\n紅色的。',
    '您好，回覆如下，再麻煩您處理，謝謝。\n\n> 哪一個？\n\n紅色的。',
  ],
  ['an old Gmail', 'It broke.\n\n2013/9/3 Shop <service@shop.example>\n\n> We sent another.', 'It broke.'],
  ['a web mailer', 'It broke.\n\nQuoting Shop <service@shop.example>:\n\n> We sent another.', 'It broke.'],
  ['a name before the day', 'It broke.\n\nShop wrote on 2 March 2026 at 10:00:\n> We sent another.', 'It broke.'],
  [
    'a line to write above',
    'It broke.\n\n##- Please type your reply above this line -##\n\nYour number is 7.',
    'It broke.',
  ],
  [
    'OpenPGP',
    '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt broke.\n- -- \nMei\n-----BEGIN PGP SIGNATURE-----\n\niQE=\n-----END PGP SIGNATURE-----',
    'It broke.',
  ],
  [
    'what stands between backticks',
    'The log says:\n\n```\nFrom: a\nTo: b\nSubject: c\n-----\n```\n\nand stops.',
    'The log says:\n\n```\nFrom: a\nTo: b\nSubject: c\n-----\n```\n\nand stops.',
  ],
  [
    'a sentence that ends in wrote:',
    'This is what your clerk wrote:\n\nGo away.',
    'This is what your clerk wrote:\n\nGo away.',
  ],
  [
    'a sentence with a day that ends in wrote',
    'On 2 March I got what your clerk wrote\nand it was rude.',
    'On 2 March I got what your clerk wrote\nand it was rude.',
  ],
  ['a list with headings', 'Date: Monday\nI bought it and it broke.', 'Date: Monday\nI bought it and it broke.'],
  [
    'an order within the words',
    'Order:\nFrom: Taipei\nTo: Tainan\nIt never came, please look into it.',
    'Order:\nFrom: Taipei\nTo: Tainan\nIt never came, please look into it.',
  ],
  [
    'a line of dashes between two halves',
    'First the kettle broke.\n\n----------\n\nThen the lid.\nThen the cord.\nThen the base.\nThen the box.\nThen the bill.\nThen the bag.\nThen the tap.\nThen the can.\nThen me.',
    'First the kettle broke.\n\n----------\n\nThen the lid.\nThen the cord.\nThen the base.\nThen the box.\nThen the bill.\nThen the bag.\nThen the tap.\nThen the can.\nThen me.',
  ],
  ['only a quote', '> It broke.', '> It broke.'],
  ['only a signature', '-- \nMei', '-- \nMei'],
  ['nothing', '', ''],
]

describe('what its author wrote this time', () => {
  it.each(cases)('%s', (_name, mail, words) => {
    expect(newTextOf(mail)).toBe(words)
    expect(newTextOf(mail.replaceAll('\n', '\r\n'))).toBe(words)
  })

  it.each([
    'Sent from my iPhone',
    'Sent from Yahoo Mail on Android',
    '<<sent by galaxy>>',
    'Von meinem iPhone gesendet',
    'Von Samsung-Tablet gesendet',
    'Envoyé de mon iPhone',
    'Enviado desde mi iPhone',
    'Inviato da iPhone',
    'Verstuurd vanaf mijn iPhone',
    'Отправлено с iPhone',
    '從我的 iPhone 傳送',
    '從 Yahoo奇摩電子信箱 iPhone 版傳送',
    '发自我的 iPhone',
    '发自我的华为手机',
    '来自我的iPhone',
    'iPhoneから送信',
    '나의 iPhone에서 보냄',
    'Get Outlook for Android',
  ])('%s is the telephone speaking', (line) => {
    expect(newTextOf(`It broke.\n\n${line}`)).toBe('It broke.')
  })

  it.each([
    'I sent from my own address twice, and you never replied to any of it.',
    '我從台北寄出，到現在還沒收到',
    'The parcel was sent by truck',
    '從上週到現在都沒有人處理我的手機',
  ])('%s is its author speaking', (line) => {
    expect(newTextOf(`It broke.\n\n${line}`)).toBe(`It broke.\n\n${line}`)
  })

  const passed =
    '---------- Forwarded message ---------\nFrom: Lin <lin@example.com>\nDate: Mon, Mar 2, 2026\nSubject: late\nTo: Mei <mei@example.com>\n\nIt never came.'
  it.each([
    ['with nothing beside it: its words', '', passed, 'It never came.'],
    ['with little beside it: everything', 'FYI', `FYI\n\n${passed}`, `FYI\n\n${passed}`],
    [
      'by subject, as Outlook does',
      'FW: late',
      '請協助\n\n寄件者: Lin <lin@example.com>\n寄件日期: 2026年3月2日\n收件者: Mei\n主旨: late\n\n一直沒到。',
      '請協助\n\n寄件者: Lin <lin@example.com>\n寄件日期: 2026年3月2日\n收件者: Mei\n主旨: late\n\n一直沒到。',
    ],
    [
      'with a complaint of its own beside it',
      '',
      `This is the third mail about the same parcel, and nobody has ever answered me.\n\n${passed}`,
      'This is the third mail about the same parcel, and nobody has ever answered me.',
    ],
  ])('passed on %s', (_name, subject, mail, words) => {
    expect(newTextOf(mail, subject)).toBe(words)
  })

  it('is never empty where there are words, and never more than there was', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '> quote',
        '-- ',
        '----',
        'On Mon, 2 Mar 2026 Shop <a@b.c> wrote:',
        'From: a@b.c',
        'To: b',
        'Subject: c',
        '',
        'Sent from my iPhone',
        '-----Original Message-----',
        '於 2026年3月2日 A <a@b.c> 寫道：',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const mail = lines.join('\n')
        const words = newTextOf(mail)
        expect(words.trim() === '').toBe(mail.trim() === '')
        expect(words.length).toBeLessThanOrEqual(mail.length)
      }),
    )
  })
})
