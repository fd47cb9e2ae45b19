import { type Calendars, replanForSeverity, settle, starterPolicy } from '../../../clocks/domain/index.ts'
import { refuse, type Result } from '../../../kit/pure/result.ts'
import type { EventActor, NewEvent } from '../event.ts'
import { fromAuthority } from '../../../channels/domain/index.ts'
import { severityOf } from '../severity.ts'
import type { ComplaintClock, ComplaintState, Fields, PointState } from '../state.ts'
import { handedOver } from './merging.ts'
import { isAfterEnd, isOpenState, nextState, workflowOf } from '../workflow.ts'

/** Everything a decision may look at beside the complaint itself: time, actor, ids and loaded values are arguments. */
export type Facts = {
  readonly now: number
  readonly actor: EventActor
  readonly permissions: ReadonlySet<string>
  readonly newId: () => string
  readonly calendars: Calendars
  /** The actor's teams. */
  readonly teams?: readonly string[]
  /** The owner does not work here any more. */
  readonly ownerGone?: boolean
  /** Who sees a restricted complaint that nobody owns. Loaded where a decision may need them. */
  readonly keepers?: readonly string[]
  /** Codes of remedies nobody has to approve; where not loaded, those given in words. */
  readonly freeRemedies?: ReadonlySet<string>
}

/** A message's proof: its row holds the words. */
export type Spoken = {
  readonly messageId: string
  readonly hash: string
  /** Of a call: the proof of its number, length, outcome …, which stand beside the words. */
  readonly callHash?: string
  /** Marked as abusive by whoever took it down: folded, never left out. */
  readonly abusive?: true
}
/** The proof of words that are no message (a title, a summary, an answer): a row of their own holds them. */
export type Written = { readonly wordsId: string; readonly hash: string }
export type GivenFinding = {
  readonly pointId: string
  readonly finding: string
  readonly answer?: Written
  /** The answer has no words. */
  readonly silent?: true
}

/** An action of the process: who may, what stands in its way, what it does. */
export type Rule<C> = {
  readonly permission: string
  /** The state machine's name for it, when it differs from the action's. */
  readonly transition?: string
  /** What stands in the way now, beside state and permission; shown by `actions` and refused by `decide`. */
  readonly blocked?: (
    state: ComplaintState,
    facts: Facts,
  ) => { code: string; facts?: Record<string, unknown> } | undefined
  readonly decide: (state: ComplaintState, command: C, facts: Facts) => Result<NewEvent[]>
}

/**
 * Who may not decide here: while stage 2 looks at it, anybody but a reviewer; once it has spoken, anybody but a reviewer or
 * lead; and never one who decided before (domain.md §8: the decider of stage 1 is not that of stage 2). Whoever took the
 * complaint up again after stage 2 was neither, and goes on.
 */
export function overruling(state: ComplaintState, { actor, permissions }: Facts): { code: string } | undefined {
  const inReview = state.state === 'review'
  if (!inReview && state.finalAt === null) return undefined
  if (!inReview && state.reopenedBy !== null && state.reopenedBy === actor.id) return undefined
  const may = permissions.has('complaint.review') || (!inReview && permissions.has('complaint.approve'))
  if (!may) return { code: 'complaints.after-final' }
  return actor.id !== null && state.deciders.includes(actor.id) ? { code: 'complaints.own-decision' } : undefined
}

/** The fields a transition sets: the new state and whether it is open. */
export function moving(state: ComplaintState, action: string): Partial<Fields> {
  const workflow = workflowOf(state.workflow)
  const to = nextState(workflow, action, state)
  if (to === undefined || to === state.state) return {}
  const endedAs = isAfterEnd(workflow, to) ? state.state : null
  return {
    state: to,
    open: isOpenState(workflow, to),
    ...(endedAs === state.endedAs ? {} : { endedAs }),
    ...(state.state === 'awaiting_info' ? { waitingFor: null } : {}),
  }
}

export function notNow(state: ComplaintState, action: string): Result<never> {
  return refuse('complaints.not-now', { action, state: state.state }, 409)
}

/**
 * The clocks a word to the complainant meets. What a program wrote is proof of receipt and no more: the first reply, and
 * the news they were promised, are a person's (domain.md §0.4).
 */
export const metByWords = ({ kind }: EventActor): readonly string[] =>
  kind === 'integration' ? ['acknowledge'] : ['acknowledge', 'first_reply', 'next_update']

/** What is noted of such a word: when they first had one, and from a person. */
export function wordsNoted(state: ComplaintState, { actor, now }: Facts): Partial<Fields> {
  const acknowledgedAt = first(state.acknowledgedAt, now)
  return actor.kind === 'integration'
    ? { acknowledgedAt }
    : { acknowledgedAt, firstReplyAt: first(state.firstReplyAt, now) }
}

/** Clocks of these kinds, settled by something that happened at `at`; only those that change. None that began after it. */
export function settling(state: ComplaintState, kinds: readonly string[], at: number): ComplaintClock[] {
  return state.clocks.flatMap((c) => {
    if (!kinds.includes(c.kind) || c.startedAt > at) return []
    const settled = settle(c, at)
    return settled === c ? [] : [{ ...c, ...settled }]
  })
}

/**
 * All that still run, cancelled: the complaint ended another way. What was breached stays breached, and is waited for no
 * longer; only a promise that was broken may still be kept.
 */
export function cancelling(state: ComplaintState, at: number): ComplaintClock[] {
  return handedOver(state, at).filter((c) => c.state === 'cancelled' || !stillKept(state, c))
}

const stillKept = ({ clocks }: ComplaintState, { id, kind }: ComplaintClock): boolean =>
  (kind === 'promise' || kind === 'callback') && clocks.some((c) => c.id === id && c.state === 'breached')

/** Severity from impact and likelihood, and the clocks recomputed from their original start. */
export function assessing(
  state: ComplaintState,
  impact: number,
  likelihood: number,
  flags: readonly string[],
  facts: Facts,
) {
  const { severity, why } = severityOf(impact, likelihood, flags, {
    authority: fromAuthority(state.channel) || state.clocks.some((c) => c.kind === 'authority'),
  })
  const before = state.clocks.filter((c) => c.settledAt === null)
  const after =
    severity === state.severity
      ? before
      : replanForSeverity(before, { severity, at: facts.now, policy: starterPolicy, calendars: facts.calendars })
  const clocks = before.flatMap((c, i): ComplaintClock[] => {
    const next = after[i]
    return next && next !== c ? [{ ...next, id: c.id, cycle: c.cycle }] : []
  })
  return { severity, why, clocks }
}

/** A restricted complaint given to somebody: they are named on it, or they could not open what they are asked to do. */
export function admitting(state: ComplaintState, staffId: string): { access?: readonly string[] } {
  return state.confidentiality === 'normal' || state.access.includes(staffId)
    ? {}
    : { access: [...state.access, staffId] }
}

/** Whoever is to do something here: asked to contribute, so that they can open it. */
export function inviting(state: ComplaintState, staffId: string) {
  const known = staffId === state.ownerId || state.helpers.some((h) => h.staffId === staffId)
  const helpers = known ? {} : { helpers: [...state.helpers, { staffId, kind: 'helper' }] }
  return { ...helpers, ...admitting(state, staffId) }
}

/** Points with new findings; unknown points are refused, and what is not fully upheld without a reason (ISO 10002 7.8). */
export function findingPoints(state: ComplaintState, given: readonly GivenFinding[]): Result<PointState[]> {
  const points: PointState[] = []
  for (const g of given) {
    const point = state.points.find((p) => p.id === g.pointId && !p.gone)
    if (!point) return refuse('complaints.unknown-point', { pointId: g.pointId })
    points.push({ ...point, finding: g.finding })
  }
  const mute = given.filter((g) => g.finding !== 'upheld' && (g.silent || !g.answer)).map((g) => g.pointId)
  if (mute.length > 0)
    return refuse('complaints.reasons-missing', { points: points.filter((p) => mute.includes(p.id)).map((p) => p.no) })
  return { ok: true, value: points }
}

/** Points without a finding, after these. */
export function openPoints(state: ComplaintState, found: readonly PointState[] = []): number[] {
  const decided = new Set(found.filter((p) => p.finding).map((p) => p.id))
  return state.points.filter((p) => !p.gone && !p.finding && !decided.has(p.id)).map((p) => p.no)
}

/** The earlier one: what was told before may be written down after. */
export const first = (before: number | null, at: number): number => (before === null ? at : Math.min(before, at))

/** These facts without those that were not given. */
export function given(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}
