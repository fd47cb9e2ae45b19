import { RefusalError } from '../../kit/pure/result.ts'

/** Why fetching does not work: a code with words in three languages (`problem.mail-imap-…`), and what the server said. */
export type ImapProblem = { readonly code: string; readonly said: string }

/** Problems that no waiting mends: somebody has to change something. */
export const lasting: ReadonlySet<string> = new Set([
  'mail.imap-login',
  'mail.imap-certificate',
  'mail.imap-unknown-host',
  'mail.imap-forbidden-host',
  'mail.imap-no-tls',
  'mail.imap-no-folder',
  'mail.imap-plain',
  'mail.imap-secret',
])

/** Thrown where we know the reason ourselves. */
export function imapError(code: string, said = ''): Error {
  return Object.assign(new Error(code), { imap: code, said })
}

type Told = {
  readonly imap?: unknown
  readonly said?: unknown
  readonly code?: unknown
  readonly authenticationFailed?: unknown
  readonly mailboxMissing?: unknown
  readonly tlsFailed?: unknown
  readonly serverResponseCode?: unknown
  readonly responseText?: unknown
  readonly response?: unknown
  readonly details?: unknown
}

const byCode: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_NODATA|EAI_NONAME)$/, 'mail.imap-unknown-host'],
  [/^EAI_/, 'mail.imap-no-names'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'mail.imap-refused'],
  [/^(CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT|ETIMEOUT|ETIMEDOUT)$/, 'mail.imap-timeout'],
  [/^(STARTTLS_INJECTION|MissingServerExtension)$/, 'mail.imap-no-tls'],
  [/CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^ERR_TLS_CERT/, 'mail.imap-certificate'],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_)/, 'mail.imap-no-tls'],
  [/^(NoConnection|EConnectionClosed|ClosedAfter|ECONNRESET|EPIPE|StateLogout)/, 'mail.imap-broke-off'],
]

/** What an error of fetching means. Errors of ours that are no problem of the server give undefined. */
export function imapProblem(error: unknown): ImapProblem | undefined {
  if (error instanceof RefusalError) return { code: error.refusal.code, said: '' }
  if (typeof error !== 'object' || error === null) return undefined
  const told = error as Told
  const said = saidBy(told)
  if (typeof told.imap === 'string') return { code: told.imap, said: text(told.said) }
  if (told.authenticationFailed === true) {
    const busy = /UNAVAILABLE|INUSE|LIMIT/.test(text(told.serverResponseCode))
    return { code: busy ? 'mail.imap-busy' : 'mail.imap-login', said }
  }
  if (told.mailboxMissing === true) return { code: 'mail.imap-no-folder', said }
  const code = text(told.code)
  const known = byCode.find(([pattern]) => pattern.test(code))
  if (known) return { code: known[1], said }
  if (told.tlsFailed === true) return { code: 'mail.imap-no-tls', said }
  return said !== '' || /^(Parser|Invalid|LineToo|LiteralToo|ResponseToo|Unexpected|MAX_IMAP)/.test(code)
    ? { code: 'mail.imap-odd', said }
    : undefined
}

const saidBy = (told: Told): string => text(told.responseText) || text(told.response)
/** A server's words are shown to administrators: short, and of one line. */
const text = (value: unknown) => (typeof value === 'string' ? value.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200) : '')
