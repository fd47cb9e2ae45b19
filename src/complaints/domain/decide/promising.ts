import { addMinutes, asPromised, settle, startClock } from '../../../clocks/domain/index.ts'
import { ok, refuse, type Result } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import { apply, type ComplaintClock, type ComplaintState } from '../state.ts'
import { running } from './merging.ts'
import { type Facts, given, inviting, type Rule, settling, type Spoken, type Written } from './facts.ts'

const kinds: ReadonlySet<string> = new Set(['promise', 'callback'])

/** Promises and agreed call-backs that nobody has kept, moved away or dropped yet. */
export const promisesOwed = ({ clocks }: Pick<ComplaintState, 'clocks'>): ComplaintClock[] =>
  clocks.filter((c) => kinds.has(c.kind) && running(c))

/** More than anybody keeps in mind; a loop of another system stops here. */
const atMost = 20

export type NewPromise = {
  /** `callback`: we call them at that minute. */
  readonly kind: 'promise' | 'callback'
  readonly words: Written
  /** Epoch ms. */
  readonly dueAt: number
  /** Who keeps it, with everyone they report to. */
  readonly owner: { readonly id: string; readonly chain: readonly string[] } | null
  /** Said to the complainant; else agreed inside. */
  readonly public: boolean
  /** The message it was made in: taken back, it takes the promise with it. */
  readonly withId?: string
}

/** A promise as an event with its clock. `cycle` is its number among those of its kind. */
export function promised(p: NewPromise, facts: Omit<Facts, 'permissions'>, cycle = 1): NewEvent {
  const { now, actor, calendars } = facts
  const ownerId = p.owner?.id ?? null
  const cause = { rule: 'promised', by: actor.id, public: p.public, wordsId: p.words.wordsId } as const
  const milestone = { kind: p.kind, target: { basis: 'date', at: p.dueAt }, pausable: false } as const
  const clock: ComplaintClock = {
    ...startClock(milestone, { startedAt: now, policy: asPromised, cause, calendars }),
    id: facts.newId(),
    cycle,
    ownerId,
  }
  const { kind, words } = p
  const said = {
    clockId: clock.id,
    kind,
    ownerId,
    public: p.public,
    dueAt: new Date(p.dueAt).toISOString(),
    words,
    ...given({ withId: p.withId }),
  }
  return event('promised', said, { clocks: [clock] })
}

/** Why this cannot be promised now. */
function unkeepable(state: ComplaintState, { dueAt, owner }: NewPromise, { now }: Facts) {
  if (dueAt <= now) return refuse('complaints.promise-in-past', { dueAt: new Date(dueAt).toISOString() })
  if (owner && state.subjects.some((s) => owner.chain.includes(s)))
    return refuse('complaints.owner-is-subject', { staffId: owner.id })
  if (promisesOwed(state).length >= atMost) return refuse('complaints.too-many-promises', { atMost })
  return state.open ? undefined : refuse('complaints.not-now', { action: 'promise', state: state.state }, 409)
}

/** The promise as events; what is said to the complainant is news for them: the next update has been given. */
export function promising(state: ComplaintState, promise: NewPromise, facts: Facts): Result<NewEvent[]> {
  const no = unkeepable(state, promise, facts)
  if (no) return no
  const made = promised(promise, facts, 1 + state.clocks.filter((c) => c.kind === promise.kind).length)
  const { payload } = made
  const updated = promise.public ? settling(state, ['next_update'], facts.now) : []
  const changes = {
    ...payload.changes,
    clocks: [...updated, ...(payload.changes.clocks ?? [])],
    ...(promise.owner && promise.owner.id !== facts.actor.id ? inviting(state, promise.owner.id) : {}),
  }
  return ok([{ ...made, payload: { ...payload, changes } }])
}

export const promise: Rule<NewPromise> = { permission: 'complaint.append', decide: promising }

/** Working minutes in which somebody calls who can be told in no other way. */
const callWithin = 240

/**
 * What was put where they may look, and they left only a number: somebody calls them, unless a call is owed already or
 * another promise was made with it.
 */
function callBack(
  state: ComplaintState,
  words: Written | undefined,
  { now, calendars }: Facts,
): NewPromise | undefined {
  if (!words || !isToBeCalled(state)) return undefined
  return { kind: 'callback', words, dueAt: addMinutes(calendars.office, now, callWithin).at, owner: null, public: true }
}

/** Open, and no call owed yet. */
export const isToBeCalled = (state: ComplaintState): boolean =>
  state.open && !promisesOwed(state).some((c) => c.kind === 'callback')

export type WithPromise = {
  readonly promise?: NewPromise | undefined
  /** They are told by a call: the words of the call-back it makes. */
  readonly called?: Written | undefined
}

/** Something done, and a promise made with it: one act. */
export function withPromise<C>(rule: Rule<C>): Rule<C & WithPromise> {
  return {
    ...rule,
    decide: (state, command, facts) => {
      const done = rule.decide(state, command, facts)
      if (!done.ok) return done
      const after = done.value.reduce((was, e) => apply(was, was.version + 1, e.payload.changes), state)
      const promise = command.promise ?? callBack(after, command.called, facts)
      if (!promise) return done
      const { messageId } = done.value.at(-1)?.payload.facts ?? {}
      const made = promising(
        after,
        { ...promise, ...(typeof messageId === 'string' ? { withId: messageId } : {}) },
        facts,
      )
      return made.ok ? ok([...done.value, ...made.value]) : made
    },
  }
}

const noneOwed = (state: ComplaintState) =>
  promisesOwed(state).length === 0 ? { code: 'complaints.no-such-promise' } : undefined

type OfPromise = { readonly clockId: string }

/** A rule about one promise that is owed. */
function about<C extends OfPromise>(
  decide: (clock: ComplaintClock, state: ComplaintState, command: C, facts: Facts) => Result<NewEvent[]>,
): Rule<C> {
  return {
    permission: 'complaint.append',
    blocked: noneOwed,
    decide: (state, command, facts) => {
      const clock = promisesOwed(state).find((c) => c.id === command.clockId)
      return clock ? decide(clock, state, command, facts) : refuse('complaints.no-such-promise', {}, 409)
    },
  }
}

/** What was promised has been done; late stays late. */
export const keepPromise: Rule<OfPromise & { spoken?: Spoken | undefined }> = about(
  (clock, state, { spoken }, { now }) => {
    const kept: ComplaintClock = { ...clock, ...settle(clock, now) }
    const updated = isPublic(clock) ? settling(state, ['next_update'], now) : []
    const facts = given({ clockId: clock.id, kind: clock.kind, late: kept.state === 'breached', ...spoken })
    return ok([event('promise_kept', facts, { clocks: [...updated, kept] })])
  },
)

type Move = OfPromise & { readonly dueAt: number; readonly ownerId?: string | undefined; readonly reason: Spoken }

/** Another date, with the reason. One that is over stays broken, and the new date is a promise of its own. */
export const movePromise: Rule<Move> = about((clock, state, { dueAt, ownerId, reason }, facts) => {
  const { now, calendars, newId } = facts
  if (dueAt <= now) return refuse('complaints.promise-in-past', { dueAt: new Date(dueAt).toISOString() })
  if (clock.cause.rule !== 'promised') return refuse('complaints.no-such-promise', {}, 409)
  const was = clock.dueAt ?? now
  const over = was < now
  const { kind, policy } = clock
  const milestone = { kind, target: { basis: 'date', at: dueAt }, pausable: false } as const
  const cause = { ...clock.cause, was }
  const startedAt = over ? now : clock.startedAt
  const moved: ComplaintClock = {
    ...startClock(milestone, { startedAt, policy, cause, calendars }),
    id: over ? newId() : clock.id,
    cycle: over ? 1 + state.clocks.filter((c) => c.kind === kind).length : clock.cycle,
    ownerId: ownerId ?? clock.ownerId ?? null,
  }
  const broken: ComplaintClock[] = over ? [{ ...clock, ...settle(clock, now) }] : []
  const said = {
    clockId: clock.id,
    ...(over ? { nextClockId: moved.id } : {}),
    kind,
    was: new Date(was).toISOString(),
    dueAt: new Date(dueAt).toISOString(),
    ...given({ ownerId }),
    reason,
  }
  return ok([event('promise_moved', said, { clocks: [...broken, moved] })])
})

/** It will not be done, and why: the only other way than keeping it. */
export const dropPromise: Rule<OfPromise & { readonly reason: Spoken }> = about(
  (clock, _state, { reason }, { now }) => {
    const over = clock.dueAt !== null && clock.dueAt < now
    const dropped: ComplaintClock = over
      ? { ...clock, ...settle(clock, now) }
      : { ...clock, state: 'cancelled', settledAt: now }
    return ok([event('promise_dropped', { clockId: clock.id, kind: clock.kind, reason }, { clocks: [dropped] })])
  },
)

const isPublic = ({ cause }: ComplaintClock) => cause.rule === 'promised' && cause.public

/** Closed means that everything promised was done, or somebody said why not. */
export function whilePromised<C>(rule: Rule<C>): Rule<C> {
  return {
    ...rule,
    blocked: (state, facts) => {
      const before = rule.blocked?.(state, facts)
      if (before) return before
      const count = promisesOwed(state).length
      return count > 0 ? { code: 'complaints.promises-owed', facts: { count } } : undefined
    },
  }
}
