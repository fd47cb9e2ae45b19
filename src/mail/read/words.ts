import PostalMime, { type Email } from 'postal-mime'
import { cleanText } from '../../kit/pure/text.ts'
import type { MailAddress } from '../domain/mail.ts'
import { cleanHtml, roughText, textOfHtml } from './html.ts'
import { peopleIn } from './people.ts'

export type Words = { readonly text: string; readonly html: string | null; readonly enclosedFrom: MailAddress | null }

/**
 * The words of a mail as text, and as harmless HTML where it has some. Text is what its author's program wrote; where that is
 * empty, it is made from the HTML, or from the mail that it encloses and says nothing to.
 */
export async function wordsOf(email: Email): Promise<Words> {
  const html = email.html === undefined ? null : cleanHtml(email.html)
  const plain = cleanText(email.text ?? '')
    .text.replace(/^(?:[^\S\n]*\n)+/u, '')
    .trimEnd()
  if (plain.trim() !== '' && !refersToHtml(plain, html)) return { text: plain, html, enclosedFrom: null }
  if (email.html !== undefined) {
    const text = textOfHtml(html ?? roughText(email.html))
    if (text !== '') return { text, html, enclosedFrom: null }
  }
  return { text: plain, html, enclosedFrom: null, ...(await enclosed(email)) }
}

/** "Your program cannot show HTML." is not what somebody wrote. */
const notShown =
  /^[^\n]{0,60}(?:(?:does|do|can) ?(?:not|n't) (?:support|display|show|view)|unable to (?:view|display)|to view this (?:e-?mail|message)|requires? an? html|html[- ](?:e-?mail|enabled|capable|compatible)|不支援 ?html|不支持 ?html|無法顯示 ?html|无法显示 ?html)/iu
const refersToHtml = (plain: string, html: string | null) =>
  html !== null && plain.trim().length < 300 && notShown.test(plain.trim())

async function enclosed(email: Email): Promise<Partial<Words>> {
  const inner = email.attachments.length === 1 ? email.attachments[0] : undefined
  if (inner?.mimeType !== 'message/rfc822' || typeof inner.content === 'string') return {}
  const mail = await PostalMime.parse(inner.content, { maxRfc822NestingDepth: 1, maxNestingDepth: 10 }).catch(
    () => null,
  )
  if (mail === null) return {}
  const text = cleanText(mail.text ?? '').text
  const words =
    text.trim() === '' && mail.html !== undefined ? textOfHtml(cleanHtml(mail.html) ?? roughText(mail.html)) : text
  return words.trim() === '' ? {} : { text: words.trim(), enclosedFrom: peopleIn(mail.headers, 'from')[0] ?? null }
}
