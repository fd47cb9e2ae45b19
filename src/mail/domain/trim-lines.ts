/**
 * What a line of a mail is: `empty`, `intro` to what is quoted ("On … wrote:"), `mark` of an original or forwarded mail,
 * `header` of one, `quote`, `rule` (a line of dashes), `sign` (the "-- " before a signature), `phone` ("Sent from my …")
 * or `text`.
 */
export type LineKind = 'empty' | 'intro' | 'mark' | 'header' | 'quote' | 'rule' | 'sign' | 'phone' | 'text'

/** Longer lines are words of their author. */
const longestMark = 300

export function kindOf(line: string): LineKind {
  const bare = line.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '').trim()
  if (bare === '' || bare === '\u00a0') return 'empty'
  if (/^--\s*$/u.test(bare) || /^—$/u.test(bare)) return 'sign'
  if (/^[-_=~#*+—–―─ᐧ](?:\s*[-_=~#*+—–―─ᐧ])+$/u.test(bare)) return 'rule'
  if (bare.length > longestMark) return quoted.test(line) ? 'quote' : 'text'
  if (phone.test(bare)) return 'phone'
  if (mark.test(bare) || above.test(bare)) return 'mark'
  if (isIntro(bare)) return 'intro'
  if (header.test(bare)) return 'header'
  return quoted.test(line) ? 'quote' : 'text'
}

const quoted = /^\s*(?:[A-Za-z]{0,12}[>|＞]|\|\s)/u

/** "-----Original Message-----", "Begin forwarded message:" and their likes. */
const mark = new RegExp(
  `^[>*\\s]*[-_=*—–─]{0,60}\\s*(?:${[
    '(?:begin )?forwarded (?:message|by)',
    'original (?:message|e-?mail|appointment)',
    'reply message',
    'urspr(?:ü|u)ngliche (?:nachricht|e-?mail)',
    'weitergeleitete nachricht',
    'anfang der weitergeleiteten (?:e-?mail|nachricht)',
    "message (?:d['’]origine|original|transféré)",
    'début du message (?:réexpédié|transféré)',
    'mensaje (?:original|reenviado)',
    'mensagem (?:original|encaminhada)',
    'messaggio (?:originale|inoltrato)',
    'oorspronkelijk(?:e)? bericht',
    'doorgestuurd bericht',
    'ursprungligt meddelande',
    'oprindelig meddelelse',
    'opprinnelig melding',
    'alkuperäinen viesti',
    'wiadomość oryginalna|oryginalna wiadomość|wiadomość przekazana',
    'původní zpráva|pôvodná správa',
    'исходное сообщение|пересылаемое сообщение',
    'orijinal (?:mesaj|ileti)',
    '原始(?:邮件|郵件|訊息|信件|消息|信息)',
    '(?:转发|轉寄|轉發)(?:的)?(?:邮件|郵件|訊息|信件|信息|消息)(?:信息)?',
    '(?:已|以下[是為为])轉寄(?:的)?(?:郵件|訊息|信件)',
    '回复的原邮件',
    '元のメッセージ|オリジナルメッセージ|転送(?:された|する)?メッセージ',
    '원본 메시지|전달된 메시지',
  ].join('|')})\\s*[:：]?\\s*[-_=*—–─]{0,60}\\s*$`,
  'iu',
)

/** "Please write your answer above this line." */
const above =
  /^[\s>*#=_~+–—-]*(?:please |bitte )?(?:(?:type|write|enter|reply|respond|answer)\b.{0,60}\babove this line|.{0,20}oberhalb dieser (?:linie|zeile)|.{0,6}此(?:線|线|行).{0,6}(?:上方|以上|之上).{0,8}(?:回覆|回复|輸入|输入))/iu

/** The header lines that mail programs write over what they quote. */
const header = new RegExp(
  `^[>*\\s]*\\*?(?:${[
    'from|sent|to|cc|bcc|date|subject|reply-to|importance|sender|sent by',
    'von|gesendet(?: am)?|an|datum|betreff|antwort an',
    'de|envoyé(?: le)?|à|objet|répondre à',
    'para|enviado(?: el| em)?|fecha|asunto|data|assunto',
    'da|inviato|a|oggetto|risposta',
    'aan|verzonden|onderwerp',
    'från|skickat|till|ämne',
    'fra|til|emne|sendt|dato',
    'lähettäjä|lähetetty|vastaanottaja|aihe',
    'od|do|data|wysłano|temat|odesláno|komu|předmět|predmet|kelt|feladó|címzett|tárgy',
    'от|отправлено|дата|кому|тема|копия|від|кому|надіслано',
    'kimden|kime|konu|gönderildi|tarih',
    '寄件者|寄件人|寄件日期|寄件時間|收件者|收件人|主旨|副本|日期|傳送(?:日期|時間)|發件人|發送時間|時間|主題',
    '发件人|发送(?:时间|日期)|收件人|主题|抄送|日期|时间|发自',
    '差出人|送信日時|送信者|宛先|件名|日時|日付|返信先',
    '보낸\\s?사람|보낸\\s?날짜|받는\\s?사람|제목|날짜',
  ].join('|')})\\*?\\s*[:：]\\*?(?:\\s|$|[^/\\s])`,
  'iu',
)

const address = '[^\\s<>@]+@[^\\s<>@]+'
const day =
  '(?:\\d{4}\\s*[-/.年]\\s*\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}|\\d{1,2}(?:st|nd|rd|th)?\\.?,?\\s+(?:de\\s+)?\\p{L}{3,}\\.?|\\p{L}{3,}\\.?\\s+\\d{1,2},?|\\d{1,2}:\\d{2})'
const verb =
  '(?:wrote|writes|schrieb|schreef|geschreven|skrev|a écrit|ha scritto|escribió|escreveu|napisał(?:\\(a\\))?|napsal(?:\\(a\\))?|napísal(?:\\(a\\))?|написа[лв](?:а|\\(а\\))?|пише|пишет|kirjoitti|yazdı|írta|a scris|đã viết|เขียนว่า|menulis)'
/** Words before the name or the time, and the verb after it, in the order their language has them. */
const wrote: readonly RegExp[] = [
  new RegExp(`^[>*\\s]*.{0,40}?${day}.*${verb}\\s*[:：]\\s*$`, 'iu'),
  new RegExp(`^[>*\\s]*.{0,40}?${day}.*${address}.*${verb}\\s*$`, 'iu'),
  new RegExp(
    `^[>*\\s]*(?:am|op|den|le|il|el|em|på|w dniu|dnia|dne|on|at)(?!\\p{L}).{0,40}?${day}.*${verb}(?!\\p{L}).{0,160}[:：]\\s*$`,
    'iu',
  ),
  new RegExp(`^[>*\\s]*at .{0,20}${day}.*you wrote\\s*[:：]`, 'iu'),
  new RegExp(`^[>*\\s]*${day}.*<?${address}>?.{0,8}[:：]\\s*$`, 'iu'),
  new RegExp(`^[>*\\s]*\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}\\s.{1,60}<${address}>\\s*$`, 'iu'),
  new RegExp(`^[>*\\s]*quoting\\s.{0,80}<?${address}>?.{0,4}[:：]\\s*$`, 'iu'),
  new RegExp(`^[>*\\s]*.{1,80}\\s(?:wrote|schrieb|écrit) (?:on|am|le)\\s.{0,20}${day}.{0,40}[:：]\\s*$`, 'iu'),
  new RegExp(`^[>*\\s]*.{0,20}?${day}.*<${address}>\\s*[:：]\\s*$`, 'iu'),
  new RegExp(`^[>*\\s]*.{0,120}${verb}(?:\\s+(?:am|on|den|le|el|il|op|dnia)\\b.{0,80})?\\s*[:：]\\s*$`, 'iu'),
  new RegExp(
    `^[>*\\s]*(?:在|於|于)\\s*.{0,40}?\\d.{0,160}(?:写道|寫道|写到|寫到|撰寫|來信|发送|發送)\\s*[:：]?\\s*$`,
    'u',
  ),
  /^[>*\s]*.{0,160}(?:写道|寫道|のメール|さんは書きました|書きました|書いた|님이 (?:작성|쓴 글))\s*[:：]\s*$/u,
  new RegExp(`^[>*\\s]*.{0,60}${day}.{0,120}(?:写道|寫道|のメール|書きました|作成|작성)\\s*[:：]?\\s*$`, 'u'),
  new RegExp(`^[>*\\s]*\\d{4}年\\d{1,2}月\\d{1,2}日.{0,160}<${address}>\\s*[:：]?\\s*$`, 'u'),
]
/** A sentence of its author may end in "wrote:" too; an introduction names a time or an address. */
const names = new RegExp(`${day}|${address}|\\d{4}年|\\d{1,2}月`, 'iu')

const ends = /(?:[:：>]|\p{L}|\))\s*$/u

function isIntro(bare: string): boolean {
  return ends.test(bare) && names.test(bare) && wrote.some((pattern) => pattern.test(bare))
}

/** What mail programs of telephones add. */
const phone =
  /^[>*[(<«\s]*(?:(?:sent|gesendet|verstuurd|lähetetty|odesláno|odoslané|dikirim|trimis|được gửi|envoyé|enviado|inviato|verzonden|skickat|sendt|wysłane|отправлено|надіслано|diese nachricht wurde|получено)\s+(?:from|via|with|by|von|mit|z|dari|de pe|từ|depuis|de mon|de|desde|da|do|dal|vanaf|van|från|fra|z|с|із|mijn|à partir)(?!\p{L}).{0,100}|get outlook for .{0,80}|von .{2,40} gesendet|iphone['’]?(?:umdan|sta) .{0,20}|ส่งจาก .{0,40}|.{0,30}\bfrom (?:a |my )?mobile(?: device)?\b.{0,60}|(?:從|从|由|使用|透過|通过|以)(?:我的)?\s*.{0,30}(?:iPhone|iPad|Android|Samsung|HTC|Huawei|HUAWEI|Outlook|手機|手机|行動裝置|移动设备|平板|華為|华为|小米|信箱|邮箱|郵箱|邮箱大师|Mail).{0,12}(?:傳送|發送|发送|傳出|寄出)|(?:來|来|發|发|寄)(?:送)?自(?:我的|于)?\s*.{0,30}(?:iPhone|iPad|Android|Samsung|HTC|Huawei|HUAWEI|Outlook|手機|手机|行動裝置|移动设备|平板|華為|华为|小米|信箱|邮箱|郵箱|邮箱大师|Mail).{0,12}|(?:iPhone|iPad|Android|スマートフォン|携帯).{0,20}から送信|.{0,20}(?:iPhone|iPad|나의).{0,20}에서 보냄|cheers from my .{0,40}|(?:list-)?unsubscribe\s*[:：].{0,120}|(?:virus-free|virenfrei|sans virus|未受病毒感染|无病毒)[.。].{0,60})\s*[\])*>»]*\s*$/iu
