import { absenceIn, absenceSubject } from './absence.ts'
import { hasHeader, type Header, headerOf } from './headers.ts'
import type { MailClass } from './mail.ts'

/** What a mail shows of its kind. */
export type Signs = {
  readonly headers: readonly Header[]
  /** The addresses it says it is from. */
  readonly from: readonly string[]
  readonly subject: string
  /** What was written this time. */
  readonly newText: string
  /** A report on delivery is in it: `failed` and `delayed` did not arrive, anything else is good news. */
  readonly report: 'failed' | 'delayed' | 'other' | null
  /** MAIL FROM: empty for the null sender, null where nobody knows. */
  readonly returnPath: string | null
  /** Our own addresses: what comes from them is ours. */
  readonly own: readonly string[]
}

/**
 * What a mail is. Headers that say so are believed first (RFC 3834, RFC 3464), then the sender's name, then words that
 * only machines write. `X-Auto-Response-Suppress` alone says nothing: people's mail programs set it too.
 */
export function classOf(signs: Signs): MailClass {
  if (isOwn(signs)) return 'own'
  if (isBounce(signs)) return 'bounce'
  if (isAutomatic(signs)) return 'auto_reply'
  return isList(signs.headers) ? 'list' : 'human'
}

function isOwn({ headers, from, own }: Signs): boolean {
  const ours = new Set(own.map((address) => address.toLowerCase()))
  return hasHeader(headers, 'x-redress-mail') || from.some((address) => ours.has(address.toLowerCase()))
}

const postman = /^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)(?:[@+]|$)/iu
const undelivered =
  /undeliver|delivery (?:status|failure|has failed|incomplete|delayed)|returned (?:mail|to sender)|failure notice|mail (?:delivery|system error)|could not be delivered|delayed mail|unzustellbar|zustellung|non remis|no entregado|無法(?:傳遞|投遞|送達)|退信|无法(?:投递|送达)|投递失败|系統退信|未傳遞|未送達|配信不能|配達不能/iu

function isBounce({ headers, from, subject, report, returnPath }: Signs): boolean {
  if (report === 'failed' || report === 'delayed') return true
  if (report === 'other') return false
  if (hasHeader(headers, 'x-failed-recipients')) return true
  const daemon = from.some((address) => postman.test(address))
  return undelivered.test(subject) && (daemon || (returnPath === '' && !hasHeader(headers, 'in-reply-to')))
}

/** Present with anything but "no": a machine answered. */
export const answering = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-reply',
  'x-mail-autoreply',
  'x-autoreply-from',
]
const postmen = /^(?:auto_?reply|auto-?replied)$/iu

/** Receipts of reading, and complaints of mailbox providers. */
const otherReport = /report-type\s*=\s*"?(?:disposition-notification|feedback-report)/iu

function isAutomatic({ headers, from, subject, newText, report, returnPath }: Signs): boolean {
  if (report === 'other' || otherReport.test(headerOf(headers, 'content-type'))) return true
  const submitted = headerOf(headers, 'auto-submitted').toLowerCase()
  if (submitted !== '' && !/^no\b/u.test(submitted)) return true
  if (answering.some((key) => hasHeader(headers, key) && !/^(?:no|false)$/iu.test(headerOf(headers, key)))) return true
  if (postmen.test(headerOf(headers, 'precedence'))) return true
  if (/autoresponder/iu.test(headerOf(headers, 'delivered-to'))) return true
  if (returnPath === '' || from.some((address) => postman.test(address))) return true
  return absenceSubject(subject) || absenceIn(newText)
}

/** What list servers write. */
export const listing = ['list-id', 'list-post', 'list-unsubscribe', 'mailing-list', 'x-mailing-list']

function isList(headers: readonly Header[]): boolean {
  return (
    listing.some((key) => hasHeader(headers, key)) || /^(?:list|bulk|junk)$/iu.test(headerOf(headers, 'precedence'))
  )
}
