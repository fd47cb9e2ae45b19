/** What a machine looks at before it writes to somebody by itself. */
export type Asked = {
  /** Of the mail it would answer. */
  readonly mailClass: string
  readonly dmarc: string
  readonly spf: string
  readonly address: string
  /** The address is a mailbox of the organisation. */
  readonly own: boolean
  /** Automatic mails of the last 24 hours to this address about this complaint. */
  readonly here: number
  /** To this address in the last hour. */
  readonly hour: number
  /** From this mailbox in the last hour, to senders as proven (or not) as this one: forgeries take nothing from customers. */
  readonly fromMailbox: number
  /** Of those to this address in 24 hours, the ones that had left when this mail came, which it may answer; when the last of them left. */
  readonly before: number
  readonly beforeAt: number | null
  /** When it came. */
  readonly cameAt: number
  /** Its words are those of a machine that took something in. */
  readonly receipt: boolean
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
/** A mailbox writes by itself to so many an hour, proven and unproven each; beyond, the others are told later. */
export const mostOfMailbox = 600
const laterMs = 20 * minute
/** A mailbox that is busy for so long leaves it to people. */
const busyMs = 24 * 60 * minute
/** Whoever writes again so soon after a mail of ours may be answering it by a machine; twice as long with each further mail. */
const quietMs = 10 * minute

const nobody = /^(?:no|do-?not)[-_.]?reply|^(?:mailer-daemon|postmaster|bounces?|auto-?reply)(?:[-+@]|$)/i

/** Held back: for good, and a person does it; or until then (epoch ms), when it is asked again. */
export type Brake = { readonly reason: BrakeReason; readonly until: number | null }

/** Why nothing is written by itself; undefined where it may be. */
export function brakedBy(a: Asked): Brake | undefined {
  const reason = forGood(a)
  if (reason) return { reason, until: null }
  if (a.beforeAt !== null) {
    const quietUntil = a.beforeAt + quietMs * 2 ** Math.min(a.before - 1, 10)
    // Once a day the doubt is the sender's: whoever has two things to say is told of the second when the pause is over.
    if (a.now < quietUntil) return { reason: 'answering', until: a.before === 1 && !a.receipt ? quietUntil : null }
  }
  if (a.fromMailbox < mostOfMailbox) return undefined
  return { reason: 'mailbox-busy', until: a.now - a.cameAt < busyMs ? a.now + laterMs : null }
}

/** Words of machines that took something in. What only looks so costs somebody a press on "acknowledge". */
const receipts =
  /received your (?:e-?mail|message|request|enquiry|inquiry)|your (?:e-?mail|message|request|enquiry|inquiry|ticket|case)\b[^.\n]{0,40}\b(?:received|created|logged|registered)|(?:ticket|case) (?:#|no\.?|number|id)|thank you for (?:contacting|your (?:e-?mail|message|request))|已(?:經|经)?(?:收到|受理)(?:您|你|貴|贵)|(?:工單|工单|案件)(?:已|編號|编号)|(?:感謝|感谢|謝謝|谢谢)(?:您的)?(?:來信|来信|來函|来函)/iu

/** Whether these words may be a machine's that took a mail of ours in. */
export const isReceipt = (words: string): boolean => words.length < 1_500 && receipts.test(words)

/** The sender's domain says that it did not send this; what DMARC proves may have been passed on by a server of others. */
const isForged = ({ dmarc, spf }: Asked) =>
  dmarc === 'fail' || (dmarc !== 'pass' && (spf === 'fail' || spf === 'softfail'))

function forGood(a: Asked): BrakeReason | undefined {
  if (a.mailClass !== 'human') return 'not-a-person'
  if (a.own) return 'own-address'
  if (nobody.test(a.address)) return 'no-reply'
  // Whoever's address was forged did not write to us.
  if (isForged(a)) return 'not-genuine'
  if (a.here > 0) return 'said-already'
  return a.hour >= mostAnHour ? 'too-many' : undefined
}
