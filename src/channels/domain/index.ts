type Labels = { readonly zhHant: string; readonly zhHans: string; readonly en: string }

/** Whom somebody can tell something in a channel. `there`: whoever wrote there, in the same place, and everybody else who reads it. */
export type Tells = 'complainant' | 'authority' | 'both' | 'there' | 'nobody'

/** How complaints come in. `live`: the person is there while it is recorded, so receipt is told at once. */
export type Channel = {
  readonly kind: string
  readonly labels: Labels
  readonly live: boolean
  readonly staffEntry: boolean
  readonly tells: Tells
  /** What comes this way comes from an authority or a body that settles disputes: it has a number, a sender and a date. */
  readonly authority: boolean
}

const channel = (
  kind: string,
  zhHant: string,
  zhHans: string,
  en: string,
  options: Partial<Pick<Channel, 'live' | 'staffEntry' | 'tells' | 'authority'>> = {},
): Channel => ({
  kind,
  labels: { zhHant, zhHans, en },
  live: options.live ?? false,
  staffEntry: options.staffEntry ?? true,
  tells: options.tells ?? (options.authority ? 'authority' : 'complainant'),
  authority: options.authority ?? false,
})

export const channels: readonly Channel[] = [
  channel('phone', '電話', '电话', 'Telephone', { live: true, tells: 'both' }),
  channel('store_visit', '臨櫃', '柜台', 'At the counter', { live: true, tells: 'both' }),
  channel('letter', '信函', '信函', 'Letter', { tells: 'both' }),
  channel('email', '電子郵件', '电子邮件', 'E-mail', { tells: 'both' }),
  channel('line', 'LINE', 'LINE', 'LINE'),
  channel('wechat', '微信', '微信', 'WeChat'),
  channel('whatsapp', 'WhatsApp', 'WhatsApp', 'WhatsApp'),
  channel('chat', '線上客服', '在线客服', 'Chat'),
  channel('app', 'App', 'App', 'App'),
  channel('sms', '簡訊', '短信', 'SMS'),
  channel('voicemail', '語音留言', '语音留言', 'Voicemail'),
  channel('facebook_dm', 'Facebook 私訊', 'Facebook 私信', 'Facebook message'),
  channel('facebook_comment', 'Facebook 留言', 'Facebook 评论', 'Facebook comment', { tells: 'there' }),
  channel('instagram_dm', 'Instagram 私訊', 'Instagram 私信', 'Instagram message'),
  channel('xiaohongshu', '小紅書', '小红书', 'Xiaohongshu', { tells: 'there' }),
  channel('weibo', '微博', '微博', 'Weibo', { tells: 'there' }),
  channel('x', 'X', 'X', 'X', { tells: 'there' }),
  channel('threads', 'Threads', 'Threads', 'Threads', { tells: 'there' }),
  channel('instagram_comment', 'Instagram 留言', 'Instagram 评论', 'Instagram comment', { tells: 'there' }),
  channel('douyin', '抖音', '抖音', 'Douyin', { tells: 'there' }),
  channel('tripadvisor', 'Tripadvisor', 'Tripadvisor', 'Tripadvisor', { tells: 'there' }),
  channel('web_form', '其他網站表單', '其他网站表单', 'Another web form', { tells: 'nobody' }),
  channel('proactive', '主動發現', '主动发现', 'Found by ourselves', { tells: 'nobody' }),
  channel('cfpb', 'CFPB', 'CFPB', 'CFPB', { authority: true }),
  channel('google_review', 'Google 評論', 'Google 评论', 'Google review', { tells: 'there' }),
  channel('app_store_review', '應用商店評論', '应用商店评论', 'App store review', { tells: 'there' }),
  channel('marketplace', '電商平台', '电商平台', 'Marketplace'),
  channel('suggestion_box', '意見箱', '意见箱', 'Suggestion box', { tells: 'nobody' }),
  channel('fax', '傳真', '传真', 'Fax', { tells: 'both' }),
  channel('regulator_referral', '主管機關來文', '主管机关来函', 'Authority letter', { authority: true }),
  channel('ombudsman', '調解或評議機構', '调解或仲裁机构', 'Ombudsman', { authority: true }),
  channel('1950', '1950 消費者專線', '1950 消费者专线', '1950 hotline', { authority: true }),
  channel('12315', '12315 平台', '12315 平台', '12315 platform', { authority: true }),
  channel('12345', '12345 熱線', '12345 热线', '12345 hotline', { authority: true }),
  channel('media', '媒體', '媒体', 'Media', { tells: 'nobody' }),
  channel('employee_on_behalf', '同仁代為反映', '员工代为反映', 'Staff on behalf', { tells: 'nobody' }),
  channel('portal', '網頁表單', '网页表单', 'Web form', { live: true, staffEntry: false, tells: 'nobody' }),
  channel('api', '系統介接', '系统接口', 'Another system', { staffEntry: false, tells: 'nobody' }),
]

/** Whether what comes this way comes from an authority or a body that settles disputes. */
export function fromAuthority(kind: string): boolean {
  return channelOf(kind)?.authority ?? false
}

/** Whether somebody can be told something in a channel: a complainant who came by `came`, or an authority. */
export function canTell(kind: string, to: 'complainant' | 'authority', came: string): boolean {
  const { tells = 'nobody' } = channelOf(kind) ?? {}
  return tells === 'both' || tells === to || (tells === 'there' && to === 'complainant' && kind === came)
}

export function channelOf(kind: string): Channel | undefined {
  return channels.find((c) => c.kind === kind)
}
