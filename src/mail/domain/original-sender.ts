import type { MailAddress } from './mail.ts'

const marks =
  /^[-_* >]*(?:begin forwarded message|forwarded (?:message|by)|original message|weitergeleitete nachricht|ursprüngliche nachricht|message transféré|message d'origine|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|转发(?:的)?(?:邮件|信息)|原始(?:邮件|郵件|訊息|信息)|轉寄(?:的)?(?:郵件|訊息|信件)|已轉寄(?:的)?郵件|以下是轉寄的郵件|転送(?:された)?メッセージ|元のメッセージ)/iu
const author = /^(?:from|von|de|da|van|från|fra|od|от|寄件者|寄件人|发件人|發件人|差出人|보낸\s?사람)\s*[:：]\s*(.+)$/iu
const addressIn =
  /[<[(＜]?\s*(?:mailto:)?([^\s<>[\]()（）＜＞"'，,;；]+@[^\s<>[\]()（）＜＞"'，,;；]+\.[^\s<>[\]()（）＜＞"'，,;；]+)\s*[>\])＞]?/u
/** Header lines stand at the top of what is passed on; further down somebody only speaks of them. */
const farthest = 400
const blockLines = 8

/** Who wrote what is passed on within these words: the first block of header lines that names an address. */
export function originalSender(text: string): MailAddress | null {
  const lines = text.slice(0, 100_000).split('\n', farthest)
  const clean = lines.map((line) =>
    line
      .replace(/^[\s>|*]+/u, '')
      .replaceAll('*', '')
      .trim(),
  )
  const marked = clean.findIndex((line) => marks.test(line))
  const from = clean.findIndex((line, i) => i > marked && author.test(line) && isBlock(clean, i))
  if (from < 0 || (marked >= 0 && from - marked > blockLines)) return null
  return addressOf((author.exec(clean[from] ?? '')?.[1] ?? '').slice(0, 500), (clean[from + 1] ?? '').slice(0, 500))
}

const otherHeader =
  /^(?:to|cc|sent|date|subject|an|betreff|gesendet|datum|à|objet|envoyé|para|asunto|enviado|a|oggetto|data|aan|onderwerp|till|ämne|skickat|收件[者人]|主[旨题題]|日期|寄件日期|傳送日期|传送日期|发送时间|發送時間|时间|時間|抄送|副本|宛先|件名|日時|送信日時)\s*[:：]/iu

/** A "From:" alone is a sentence; with a second header line near it, a block. */
function isBlock(lines: readonly string[], at: number): boolean {
  return lines.slice(at + 1, at + 5).some((line) => otherHeader.test(line))
}

function addressOf(written: string, next: string): MailAddress | null {
  const joined = addressIn.test(written) ? written : `${written} ${next}`
  const found = addressIn.exec(joined)
  if (!found) return null
  const name = joined
    .slice(0, found.index)
    .replace(/["'“”]/gu, '')
    .trim()
  return { name, address: found[1] ?? '' }
}
