import type { PlannedClock } from '../../clocks/domain/index.ts'

/** A clock as the complaint holds it: planned by policy, with an identity and a cycle. */
export type ComplaintClock = PlannedClock & {
  readonly id: string
  readonly cycle: number
  /** Who answers for it, where that is not simply the owner: of a promise or a hand-over. */
  readonly ownerId?: string | null
}

export type PointState = {
  readonly id: string
  readonly no: number
  readonly finding: string | null
  /** It came with a complaint that was merged, and went back with it. */
  readonly gone?: boolean
}
export type Helper = { readonly staffId: string; readonly kind: string }
export type Link = { readonly otherId: string; readonly kind: string }

/** `again`: another proposal, made after approval had been asked for once; it needs an approval of its own. */
export type Approval = 'asked' | 'approved' | 'declined' | 'again'
/** A sum of money in minor units: TWD 1,280 is 128000. */
export type Money = { readonly minor: number; readonly currency: string }
export type Attempt = { readonly at: number; readonly channel: string }

/** Single-valued facts. Instants are epoch ms. No free text and nothing personal: those are rows that can be erased. */
export type Fields = {
  readonly number: string
  readonly state: string
  readonly open: boolean
  readonly workflow: { readonly key: string; readonly version: number }
  readonly channel: string
  readonly mode: string
  readonly confidentiality: string
  readonly customerId: string | null
  readonly ownerId: string | null
  readonly teamId: string
  readonly typeCode: string | null
  readonly productId: string | null
  readonly placeId: string | null
  readonly impact: number | null
  readonly likelihood: number | null
  readonly severity: string | null
  readonly remedyCode: string | null
  /** What the remedy is worth; approval is of this code and at most this much. */
  readonly remedyAmount: Money | null
  /** Where the remedy stands once somebody was asked to approve it; null while nobody was. */
  readonly approval: Approval | null
  readonly approvedBy: string | null
  /** Who proposed a remedy in stage 2: no decider of stage 1, and not the one who approves it. */
  readonly reviewProposedBy: string | null
  readonly outcomeCode: string | null
  readonly closureCode: string | null
  readonly mergedInto: string | null
  readonly stateBeforeMerge: string | null
  readonly proposedBy: string | null
  readonly decidedBy: string | null
  readonly receivedAt: number
  readonly loggedAt: number
  readonly acknowledgedAt: number | null
  readonly firstReplyAt: number | null
  readonly decidedAt: number | null
  readonly respondedAt: number | null
  readonly remedyStartedAt: number | null
  readonly remedyDoneAt: number | null
  readonly confirmedAt: number | null
  readonly closedAt: number | null
  /** How it had ended, while it is open only because somebody wrote to it since. */
  readonly endedAs: string | null
  /** When stage 2 spoke. From then on stage 1 does not decide here any more. */
  readonly finalAt: number | null
  /** Who took it up again after stage 2. */
  readonly reopenedBy: string | null
  /** The complainant takes it back, and somebody may be at risk: it goes on until a lead has looked at why. */
  readonly withdrawalAskedAt: number | null
  /** What the complainant said of the answer, in the last follow-up that reached them. */
  readonly stance: string | null
  /** Tries to reach the complainant that failed, since the last answer. */
  readonly attempts: readonly Attempt[]
  readonly waitingFor: string | null
  readonly locale: string
  readonly erasedAt: number | null
}

/** The folded state of one complaint. */
export type ComplaintState = Fields & {
  readonly id: string
  readonly version: number
  readonly points: readonly PointState[]
  readonly clocks: readonly ComplaintClock[]
  readonly flags: readonly string[]
  readonly access: readonly string[]
  readonly subjects: readonly string[]
  readonly helpers: readonly Helper[]
  readonly links: readonly Link[]
  /** Everybody who ever proposed or decided here: none of them does the review. */
  readonly deciders: readonly string[]
}

/**
 * What an event did, carried by the event itself: folding is then one function for all types, and an event type needs
 * no branch. Lists are whole (their new value), clocks and points by id; deciders are only ever added to, by name here and
 * by whoever is set as proposer or decider.
 */
export type Changes = {
  readonly set?: Partial<Fields>
  readonly points?: readonly PointState[]
  readonly clocks?: readonly ComplaintClock[]
  readonly flags?: readonly string[]
  readonly access?: readonly string[]
  readonly subjects?: readonly string[]
  readonly helpers?: readonly Helper[]
  readonly links?: readonly Link[]
  readonly deciders?: readonly string[]
}

/** The rules of folding; a state row with another number is refolded. */
export const foldVersion = 1

export const blank: Omit<ComplaintState, 'id'> = {
  version: 0,
  number: '',
  state: '',
  open: true,
  workflow: { key: '', version: 0 },
  channel: '',
  mode: 'named',
  confidentiality: 'normal',
  customerId: null,
  ownerId: null,
  teamId: '',
  typeCode: null,
  productId: null,
  placeId: null,
  impact: null,
  likelihood: null,
  severity: null,
  remedyCode: null,
  remedyAmount: null,
  approval: null,
  approvedBy: null,
  reviewProposedBy: null,
  outcomeCode: null,
  closureCode: null,
  mergedInto: null,
  stateBeforeMerge: null,
  proposedBy: null,
  decidedBy: null,
  receivedAt: 0,
  loggedAt: 0,
  acknowledgedAt: null,
  firstReplyAt: null,
  decidedAt: null,
  respondedAt: null,
  remedyStartedAt: null,
  remedyDoneAt: null,
  confirmedAt: null,
  closedAt: null,
  endedAs: null,
  finalAt: null,
  reopenedBy: null,
  withdrawalAskedAt: null,
  stance: null,
  attempts: [],
  waitingFor: null,
  locale: 'zh-Hant',
  erasedAt: null,
  points: [],
  clocks: [],
  flags: [],
  access: [],
  subjects: [],
  helpers: [],
  links: [],
  deciders: [],
}

function upsert<T extends { readonly id: string }>(all: readonly T[], changed: readonly T[] | undefined): readonly T[] {
  if (!changed || changed.length === 0) return all
  const byId = new Map(all.map((x) => [x.id, x]))
  for (const x of changed) byId.set(x.id, x)
  return [...byId.values()]
}

function decidersAfter({ deciders }: Pick<ComplaintState, 'deciders'>, changes: Changes): readonly string[] {
  const now = [changes.set?.proposedBy, changes.set?.decidedBy, ...(changes.deciders ?? [])]
  const more = now.filter((id): id is string => typeof id === 'string' && !deciders.includes(id))
  return more.length > 0 ? [...new Set([...deciders, ...more])] : deciders
}

/** The state after one more event. */
export function apply(state: ComplaintState, seq: number, changes: Changes): ComplaintState {
  return {
    ...state,
    ...changes.set,
    version: seq,
    points: upsert(state.points, changes.points),
    clocks: upsert(state.clocks, changes.clocks),
    flags: changes.flags ?? state.flags,
    access: changes.access ?? state.access,
    subjects: changes.subjects ?? state.subjects,
    helpers: changes.helpers ?? state.helpers,
    links: changes.links ?? state.links,
    deciders: decidersAfter(state, changes),
  }
}

/** The state from the whole history, oldest first. */
export function fold(
  id: string,
  events: Iterable<{ readonly seq: number; readonly payload: { readonly changes: Changes } }>,
): ComplaintState {
  let state: ComplaintState = { id, ...blank }
  for (const event of events) state = apply(state, event.seq, event.payload.changes)
  return state
}

/**
 * What must happen next: the nearest running clock, or none. Breached clocks still run until what they wait for happens;
 * those of a complaint that has ended wait for nothing, unless it is taken up again.
 */
export function nextClock(
  state: Pick<ComplaintState, 'open' | 'clocks' | 'endedAs' | 'closedAt'>,
): { kind: string; dueAt: number } | undefined {
  if (!state.open) return undefined
  let next: { kind: string; dueAt: number } | undefined
  for (const c of state.clocks) {
    if (state.endedAs !== null && c.startedAt < (state.closedAt ?? 0)) continue
    if (c.settledAt !== null || c.dueAt === null || (c.state !== 'running' && c.state !== 'breached')) continue
    if (!next || c.dueAt < next.dueAt) next = { kind: c.kind, dueAt: c.dueAt }
  }
  return next
}
