import type { MailClass } from './mail.ts'

/** How a mail was found to belong to a complaint, the strongest first. */
export type FoundBy = 'address' | 'own-id' | 'stored-id' | 'cited' | 'subject'

/** A complaint a mail may belong to, as it stands. */
export type Candidate = {
  readonly by: FoundBy
  readonly complaintId: string
  /** The sender is known there: an address of its customer. */
  readonly participant: boolean
  /** Since when it has ended (of a merged one: its survivor), in epoch ms; null while it is open. */
  readonly endedAt: number | null
}

export type Verdict =
  | { readonly do: 'reject' | 'park'; readonly reason: string }
  /** Something did not arrive; `outboxId` is what, where it is known. */
  | { readonly do: 'bounce'; readonly complaintId: string; readonly outboxId: string | null }
  /** Words of the complainant; `also`: other complaints of theirs the same thread led to, because its mails came out of order. */
  | { readonly do: 'append'; readonly complaintId: string; readonly by: FoundBy; readonly also: readonly string[] }
  /** Automatic: kept beside the complaint, changes nothing there. */
  | { readonly do: 'note'; readonly complaintId: string }
  /** Somebody who is not known there: waits until it is looked at. */
  | { readonly do: 'side_note'; readonly complaintId: string; readonly by: FoundBy }
  /** Another complaint; `after` is the one it answers, which ended too long ago, or is not the sender's. */
  | { readonly do: 'record'; readonly after: string | null }

/** What a decision looks at beside the mail. */
export type Found = {
  readonly candidates: readonly Candidate[]
  /** What a bounce encloses, as we sent it. */
  readonly bounced: { readonly complaintId: string; readonly outboxId: string | null } | undefined
  /** The same words under the same Message-ID are here already. */
  readonly here: boolean
  /** We sent this ourselves. */
  readonly ours: boolean
  readonly dmarcFails: boolean
  /** Somebody at the desk has looked at it, and wants it taken in. */
  readonly asked: boolean
  /** How long after its end an answer still belongs to a complaint. */
  readonly graceMs: number
  readonly now: number
}

type Kind = {
  readonly class: MailClass
  readonly permanent: boolean
  /** No subject, no words and no file could be found in it. */
  readonly blank: boolean
}
type Filter = (mail: Kind, found: Found) => Verdict | undefined

const ours: Filter = (mail, { ours, asked }) =>
  !asked && (ours || mail.class === 'own') ? { do: 'reject', reason: 'mail.own' } : undefined

const repeated: Filter = (_mail, { here }) => (here ? { do: 'reject', reason: 'mail.here-already' } : undefined)

const bounce: Filter = (mail, { bounced, candidates, asked }) => {
  if (mail.class !== 'bounce' || asked) return undefined
  if (bounced && mail.permanent) return { do: 'bounce', ...bounced }
  const at = bounced?.complaintId ?? signed(candidates)?.complaintId
  return at ? { do: 'note', complaintId: at } : { do: 'reject', reason: 'mail.bounce-of-nothing' }
}

const automatic: Filter = (mail, { candidates, asked }) => {
  if (mail.class !== 'auto_reply') return undefined
  const at = signed(candidates) ?? candidates.find((c) => c.participant)
  if (at) return { do: 'note', complaintId: at.complaintId }
  return asked ? undefined : { do: 'park', reason: 'mail.automatic' }
}

const answer: Filter = (_mail, found) => {
  for (const one of found.candidates) {
    const verdict = standing(one, found)
    if (verdict?.do === 'append') return { ...verdict, also: otherEnds(one, found) }
    if (verdict) return verdict
  }
  return undefined
}

/** Whether this candidate says where the mail belongs; undefined asks the next. */
function standing(one: Candidate, { dmarcFails, now, graceMs }: Found): Verdict | undefined {
  const { complaintId, by } = one
  // Anybody can write a number, or have cited a mail before it came: those say something only of people who are known there.
  if (!one.participant && (by === 'subject' || by === 'cited')) return undefined
  if (dmarcFails && by === 'subject') return undefined
  if (one.endedAt !== null && now - one.endedAt > graceMs) return { do: 'record', after: complaintId }
  // A signed address proves that somebody has read our mail, not that it is the customer who writes.
  return one.participant && !dmarcFails
    ? { do: 'append', complaintId, by, also: [] }
    : { do: 'side_note', complaintId, by }
}

const mostEnds = 3

/** A mail that came after what answers it joins two complaints of one thread: they are told of each other, and people merge them. */
function otherEnds(one: Candidate, { candidates, dmarcFails }: Found): string[] {
  if (dmarcFails) return []
  return candidates
    .filter((c) => c !== one && c.participant && c.by !== 'subject' && c.endedAt === null)
    .map((c) => c.complaintId)
    .slice(0, mostEnds)
}

/** Its bytes may say more than could be read: somebody looks at them. */
const blank: Filter = (mail, { asked }) =>
  mail.blank && !asked ? { do: 'park', reason: 'mail.nothing-in-it' } : undefined

const signed = (candidates: readonly Candidate[]) => candidates.find((c) => c.by === 'address' || c.by === 'own-id')

const pipeline: readonly Filter[] = [ours, repeated, bounce, automatic, answer, blank]

/** What becomes of a mail: the first filter that knows says it; a mail nothing is known of is a complaint of its own. */
export function verdictOf(mail: Kind, found: Found): Verdict {
  for (const filter of pipeline) {
    const verdict = filter(mail, found)
    if (verdict) return verdict
  }
  return { do: 'record', after: null }
}
