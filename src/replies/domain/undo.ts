import {
  apply,
  type Changes,
  type ComplaintState,
  type EventActor,
  type Fields,
  fold,
  isSame,
} from '../../complaints/domain/index.ts'
import { overWhereEnded } from './ended.ts'
import { countingLaterWords } from './later-words.ts'

/**
 * What takes an event back: every field it set returns to what it was before, unless something later has changed it
 * again; clocks it settled run again, clocks it began are cancelled; points it gave a finding lose it. Other lists stay.
 */
export function undoOf(before: ComplaintState, after: ComplaintState, current: ComplaintState, now: number): Changes {
  const set: Record<string, unknown> = {}
  for (const key of fieldsChanged(before, after)) if (isSame(current[key], after[key])) set[key] = before[key]
  const clocks = after.clocks.flatMap((clock) => {
    const was = before.clocks.find((c) => c.id === clock.id)
    const is = current.clocks.find((c) => c.id === clock.id)
    if (isSame(was, clock) || !is || !isSame(is, clock)) return []
    return [was ?? { ...is, state: 'cancelled' as const, settledAt: now }]
  })
  const points = after.points.flatMap((point) => {
    const was = before.points.find((p) => p.id === point.id)
    const is = current.points.find((p) => p.id === point.id)
    return was && is && !isSame(was, point) && isSame(is, point) ? [{ ...is, finding: was.finding }] : []
  })
  return {
    set: set as Partial<Fields>,
    ...(clocks.length > 0 ? { clocks } : {}),
    ...(points.length > 0 ? { points } : {}),
  }
}

const lists = new Set([
  'id',
  'version',
  'points',
  'clocks',
  'flags',
  'access',
  'subjects',
  'helpers',
  'links',
  'deciders',
])

function fieldsChanged(before: ComplaintState, after: ComplaintState): (keyof Fields)[] {
  return (Object.keys(after) as (keyof Fields)[]).filter((key) => !lists.has(key) && !isSame(before[key], after[key]))
}

export type Told = {
  readonly seq: number
  readonly at: number
  readonly type: string
  readonly actor: EventActor
  readonly payload: { readonly facts: Readonly<Record<string, unknown>>; readonly changes: Changes }
}

/** Steps that stand on the answer: without it a complaint is neither closed nor put right nor followed up. */
const standing = new Set(['closed', 'remedy_started', 'remedy_done', 'followed_up'])
/** Answers something may stand on. */
const answers = new Set(['responded', 'finalised', 'redirected'])

export type TakenBack = {
  readonly changes: Changes
  /** The events undone, latest first. */
  readonly seqs: readonly number[]
}

/**
 * What takes the answer of event `at` back, with the steps that stand on it: somebody who closed and then stops the
 * answer from going out has a complaint that is open and unanswered. A step of another kind (reopened, withdrawn,
 * merged …) ends the row of those taken back, and what it set stays. What the answer decided goes with it. A word said
 * later, that arrived, counts from when it was said. `lost`: it was on its way for long, and did not arrive; what was done
 * meanwhile (a refund, a try to call) has been done all the same, and what was promised is still owed.
 */
export function takeBack(id: string, events: readonly Told[], at: number, now: number, lost = false): TakenBack {
  const states = [fold(id, [])]
  for (const e of events) states.push(apply(states.at(-1) ?? fold(id, []), e.seq, e.payload.changes))
  let current = states.at(-1) ?? fold(id, [])
  const version = current.version
  let changes: Changes = {}
  const promised = lost ? [] : promisedIn(events, at)
  const undone = [...standingOn(events, states, at), ...promised, at, ...decidedIn(events, at)]
  for (const i of undone) {
    const [before, after] = [states[i], states[i + 1]]
    if (!before || !after) continue
    const whole = untouched(undoOf(before, after, current, now), { events, states, undone, after: i })
    const type = events[i]?.type ?? ''
    const wholly = i <= at || promised.includes(i) || type === 'closed' || (standing.has(type) && !lost)
    const back = wholly ? whole : stateOnly(whole)
    current = apply(current, version, back)
    changes = joined(changes, back)
  }
  const given = new Set(changes.clocks?.map((c) => c.id))
  const later = countingLaterWords(current, { events, at, given })
  const back = overWhereEnded(current, joined(changes, later), now)
  return { changes: back, seqs: undone.flatMap((i) => events[i]?.seq ?? []) }
}

function standingOn(events: readonly Told[], states: readonly ComplaintState[], at: number): number[] {
  const found: number[] = []
  for (let i = events.length - 1; i > at; i--) {
    const [before, after] = [states[i], states[i + 1]]
    if (!before || !after || before.state === after.state) continue
    if (!standing.has(events[i]?.type ?? '') && before.endedAs === after.endedAs) break
    // Taken up again from there, or gone to stage 2: that is a step of its own.
    if (before.endedAs !== null && after.open) break
    found.push(i)
  }
  return answers.has(events[at]?.type ?? '') ? found : []
}

/** All that goes back of what they wrote after the end, of leaving it ended, and of what was really done. */
const stateOnly = ({ set = {} }: Changes): Changes => ({
  set: Object.fromEntries(
    Object.entries(set).filter(([key]) => ['state', 'open', 'endedAs', 'waitingFor'].includes(key)),
  ),
})

type Where = {
  readonly events: readonly Told[]
  readonly states: readonly ComplaintState[]
  readonly undone: readonly number[]
  readonly after: number
}

/** Without what something later, that stays, has set or found again. */
function untouched(back: Changes, { events, states, undone, after }: Where): Changes {
  const later = events.flatMap((e, i) => (i > after && !undone.includes(i) ? [{ i, changes: e.payload.changes }] : []))
  const set = Object.entries(back.set ?? {}).filter(([name]) => {
    const key = name as keyof Fields
    return !later.some(
      ({ i, changes }) =>
        !isSame(states[i]?.[key], states[i + 1]?.[key]) || (!firsts.has(key) && key in (changes.set ?? {})),
    )
  })
  const clocks = (back.clocks ?? []).filter((c) => !later.some((l) => l.changes.clocks?.some((k) => k.id === c.id)))
  const points = (back.points ?? []).filter((p) => !later.some((l) => l.changes.points?.some((k) => k.id === p.id)))
  return {
    set: Object.fromEntries(set),
    ...(clocks.length > 0 ? { clocks } : {}),
    ...(points.length > 0 ? { points } : {}),
  }
}

/** Every later word names these again, as they are. */
const firsts = new Set<string>(['firstReplyAt', 'acknowledgedAt'])

/** What this very answer decided; a decision that was made before, by itself, is none of it. */
function decidedIn(events: readonly Told[], at: number): number[] {
  const [decided, answer] = [events[at - 1], events[at]]
  const { answerId } = decided?.payload.facts ?? {}
  return decided?.type === 'decided' && answerId && answerId === answer?.payload.facts.messageId ? [at - 1] : []
}

/** What was promised in these very words; one made by itself is none of it. */
function promisedIn(events: readonly Told[], at: number): number[] {
  const { messageId } = events[at]?.payload.facts ?? {}
  return events.flatMap((e, i) =>
    i > at && messageId !== undefined && e.type === 'promised' && e.payload.facts.withId === messageId ? [i] : [],
  )
}

/** Both, the second over the first. */
export function joined(a: Changes, b: Changes): Changes {
  const clocks = new Map([...(a.clocks ?? []), ...(b.clocks ?? [])].map((c) => [c.id, c]))
  const points = new Map([...(a.points ?? []), ...(b.points ?? [])].map((p) => [p.id, p]))
  return {
    ...a,
    ...b,
    set: { ...a.set, ...b.set },
    ...(clocks.size > 0 ? { clocks: [...clocks.values()] } : {}),
    ...(points.size > 0 ? { points: [...points.values()] } : {}),
  }
}
