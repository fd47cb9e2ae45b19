/** A mail server's answer: will never do (`permanent`), or may another time. `text` names no address. */
export type Failure = {
  readonly permanent: boolean
  readonly text: string
  /** The class of its code (`5xx`); `none` where it gave none. */
  readonly codeClass: string
  /** It says that the address is none: no mail to it will ever arrive. */
  readonly badAddress: boolean
  /** It refused the recipient for good without saying why (550, no enhanced code): may be of the address, or of our standing. */
  readonly unexplained: boolean
}

const hour = 3_600_000
/** Whoever owns the complaint is told when a message has been tried for so long. */
export const delayToldMs = 4 * hour
/** A message that could not be sent for so long has failed. */
export const givenUpMs = 72 * hour

/** Reads what the mail library threw. A 5xx about us (sign-in, TLS) is a setting to be mended, not this message's end. */
export function failureOf(error: unknown): Failure {
  const {
    code,
    responseCode,
    command,
    message = 'unknown',
  } = error as { code?: string; responseCode?: number; command?: string; message?: string }
  const aboutUs =
    code === 'EAUTH' || code === 'ETLS' || code === 'EOAUTH2' || responseCode === 530 || responseCode === 535
  const permanent = !aboutUs && typeof responseCode === 'number' && responseCode >= 500
  const text = message
    .replaceAll(/[^\s<>"']+@[^\s<>"']+/g, '…')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 300)
  const codeClass = typeof responseCode === 'number' ? `${Math.floor(responseCode / 100)}xx` : 'none'
  // A plain 550 may be about our words or our standing; only what names the address is believed of the address.
  const [, status = ''] = /\b(5\.\d{1,3}\.\d{1,3})\b/.exec(message) ?? []
  return {
    permanent,
    text,
    codeClass,
    badAddress: permanent && /^5\.(1\.|2\.1$)/.test(status),
    unexplained: command === 'RCPT TO' && status === '' && [550, 551, 553].includes(responseCode ?? 0),
  }
}

/** A recipient refused so often without a reason, and never taken between, is taken for none. */
export const mostUnexplained = 2

/** Whether a mail that came back for good says so of the address, rather than of what was in the mail (RFC 3463). */
export function saysNoAddress(status: string): boolean {
  return !/^5\.(2\.[2-4]|3|5|6|7)/.test(status)
}

/** The next try after a failure now: as `pauseAfter` says, but not later than when its delay is to be told. */
export function nextTryAt(now: number, since: number, attempts: number): number {
  const at = now + pauseAfter(attempts)
  const told = since + delayToldMs
  return now < told ? Math.min(at, told) : at
}

/** Pause before the next try: 30 s, doubling, at most six hours. */
export function pauseAfter(attempts: number): number {
  return Math.min(30_000 * 2 ** Math.max(0, attempts - 1), 6 * hour)
}
