import { apply, type Changes, type ComplaintState, type Fields, fold, isSame } from '../../complaints/domain/index.ts'

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

type Told = {
  readonly seq: number
  readonly type: string
  readonly payload: { readonly facts: Readonly<Record<string, unknown>>; readonly changes: Changes }
}

/** Steps that stand on the answer: without it a complaint is neither closed nor put right nor followed up. */
const standing = new Set(['closed', 'remedy_started', 'remedy_done', 'followed_up'])

/**
 * What takes the answer of event `at` back, with the steps that stand on it: somebody who closed and then stops the
 * answer from going out has a complaint that is open and unanswered. A step of another kind (reopened, withdrawn,
 * merged …) ends the row of those taken back. What the answer decided goes with it. `seqs` are the events undone, latest first.
 */
export function takeBack(
  id: string,
  events: readonly Told[],
  at: number,
  now: number,
): { readonly changes: Changes; readonly seqs: readonly number[] } {
  const states = [fold(id, [])]
  for (const e of events) states.push(apply(states.at(-1) ?? fold(id, []), e.seq, e.payload.changes))
  let current = states.at(-1) ?? fold(id, [])
  const version = current.version
  let changes: Changes = {}
  const undone = [...standingOn(events, states, at), at, ...decidedIn(events, at)]
  for (const i of undone) {
    const [before, after] = [states[i], states[i + 1]]
    if (!before || !after) continue
    const back = undoOf(before, after, current, now)
    current = apply(current, version, back)
    changes = joined(changes, back)
  }
  return { changes, seqs: undone.flatMap((i) => events[i]?.seq ?? []) }
}

function standingOn(events: readonly Told[], states: readonly ComplaintState[], at: number): number[] {
  const found: number[] = []
  for (let i = events.length - 1; i > at; i--) {
    if (states[i]?.state === states[i + 1]?.state) continue
    if (!standing.has(events[i]?.type ?? '')) break
    found.push(i)
  }
  return events[at]?.type === 'responded' ? found : []
}

/** What this very answer decided; a decision that was made before, by itself, is none of it. */
function decidedIn(events: readonly Told[], at: number): number[] {
  const [decided, answer] = [events[at - 1], events[at]]
  const { answerId } = decided?.payload.facts ?? {}
  return decided?.type === 'decided' && answerId && answerId === answer?.payload.facts.messageId ? [at - 1] : []
}

function joined(a: Changes, b: Changes): Changes {
  const clocks = new Map([...(a.clocks ?? []), ...(b.clocks ?? [])].map((c) => [c.id, c]))
  const points = new Map([...(a.points ?? []), ...(b.points ?? [])].map((p) => [p.id, p]))
  return {
    set: { ...a.set, ...b.set },
    ...(clocks.size > 0 ? { clocks: [...clocks.values()] } : {}),
    ...(points.size > 0 ? { points: [...points.values()] } : {}),
  }
}
