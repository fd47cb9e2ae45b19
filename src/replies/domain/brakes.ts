/** What a machine looks at before it writes to somebody by itself. */
export type Asked = {
  /** Of the mail it would answer. */
  readonly mailClass: string
  readonly dmarc: string
  readonly address: string
  /** The address is a mailbox of the organisation. */
  readonly own: boolean
  /** Automatic mails of the last 24 hours: to this address about this complaint, and to this address. */
  readonly here: number
  readonly day: number
  /** To this address in the last hour; from this mailbox in the last hour. */
  readonly hour: number
  readonly fromMailbox: number
  /** When the last one went to this address; null for none in 24 hours. */
  readonly lastAt: number | null
  readonly now: number
}

export const brakeReasons = [
  'not-a-person',
  'own-address',
  'no-reply',
  'not-genuine',
  'said-already',
  'answering',
  'too-many',
  'mailbox-busy',
] as const
export type BrakeReason = (typeof brakeReasons)[number]

const minute = 60_000
const mostAnHour = 5
/** A mailbox writes by itself to so many an hour; beyond, people look at what comes. */
export const mostOfMailbox = 600
/** Whoever writes again so soon after a mail of ours may be answering it by a machine; twice as long with each further mail. */
const quietMs = 10 * minute

const nobody = /^(?:no|do-?not)[-_.]?reply|^(?:mailer-daemon|postmaster|bounces?|auto-?reply)(?:[-+@]|$)/i

/** Why nothing is written by itself; undefined where it may be. */
export function brakedBy(a: Asked): BrakeReason | undefined {
  if (a.mailClass !== 'human') return 'not-a-person'
  if (a.own) return 'own-address'
  if (nobody.test(a.address)) return 'no-reply'
  // Whoever's address was forged did not write to us.
  if (a.dmarc === 'fail') return 'not-genuine'
  if (a.here > 0) return 'said-already'
  if (a.hour >= mostAnHour) return 'too-many'
  if (a.lastAt !== null && a.now - a.lastAt < quietMs * 2 ** Math.min(a.day - 1, 10)) return 'answering'
  return a.fromMailbox >= mostOfMailbox ? 'mailbox-busy' : undefined
}
