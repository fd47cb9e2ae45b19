import { replanForSeverity, starterPolicy } from '../../../clocks/domain/index.ts'
import { event, type NewEvent } from '../event.ts'
import { type Severity, stricter } from '../severity.ts'
import { type ComplaintClock, type ComplaintState, type Fields, fold, type PointState } from '../state.ts'
import { asBeforeMerge, type BroughtPoint, handedOver, hasEnded, owed, type Release, running } from './merging.ts'
import { type OwnClocks, ownClocks } from './own-clocks.ts'
import type { Facts } from './facts.ts'
import { promisesOwed } from './promising.ts'
import { isSame } from './same.ts'

/**
 * What the survivor takes over: the earliest start and the strictest date of each clock it runs itself, the dates of law,
 * authorities and reviews that only the merged one had, the stricter severity, and its points. One that was answered is
 * open again when the merged one was not. (An authority's letter is shown from the merged one, as long as it is.)
 */
export function absorb(
  survivor: ComplaintState,
  merged: ComplaintState,
  points: readonly BroughtPoint[],
  facts: Facts,
): NewEvent[] {
  const opensAgain = owed(merged) && answeredStates.has(survivor.state)
  const unanswered = opensAgain || survivor.respondedAt === null
  const { set, flags, clocks } = takenOver(survivor, merged, { facts, unanswered })
  const what = {
    from: merged.id,
    ...(points.length > 0 ? { points } : {}),
    ...(set.severity ? { severity: set.severity } : {}),
  }
  const absorbed = event('absorbed', what, {
    set,
    clocks,
    ...(flags ? { flags } : {}),
    ...(points.length > 0 ? { points: numbered(survivor, merged, points) } : {}),
  })
  if (!opensAgain) return [absorbed]
  const again = { state: 'investigating', open: true, respondedAt: null, confirmedAt: null, stance: null, attempts: [] }
  return [absorbed, event('reopened', { cause: 'merged', from: merged.id }, { set: again })]
}

// States in which no answer can be given any more; one that is closed takes no other over.
const answeredStates = new Set(['responded', 'remedy_in_progress', 'follow_up', 'external'])

function numbered(survivor: ComplaintState, merged: ComplaintState, points: readonly BroughtPoint[]): PointState[] {
  const last = Math.max(0, ...survivor.points.map((p) => p.no))
  return points.map(({ id, of }, i) => ({
    id,
    no: last + 1 + i,
    finding: merged.points.find((p) => p.id === of)?.finding ?? null,
  }))
}

type Takes = { readonly facts: Facts; readonly unanswered: boolean; readonly keepsSeverity?: boolean }

function takenOver(survivor: ComplaintState, merged: ComplaintState, takes: Takes) {
  const { facts, unanswered } = takes
  const graver = takes.keepsSeverity ? undefined : graverOf(survivor, merged)
  const replanned = graver ? replannedFor(survivor, graver.set.severity, facts) : []
  const own = survivor.clocks.map((c) => replanned.find((r) => r.id === c.id) ?? c)
  const clocks = own.flatMap((c): ComplaintClock[] => {
    const other = stricterDate(c, merged)
    if (other) return [{ ...other, id: c.id, cycle: c.cycle, startedAt: Math.min(c.startedAt, other.startedAt) }]
    return replanned.includes(c) ? [c] : []
  })
  const kinds = ['authority', 'statutory', 'stage', 'containment', ...(unanswered ? ['resolve'] : [])]
  const taken = merged.clocks
    .filter((c) => kinds.includes(c.kind) && running(c))
    .filter((c) => !own.some((mine) => mine.kind === c.kind && (running(mine) || metSince(mine, merged))))
    .map((c) => ({ ...c, id: facts.newId(), cycle: 1 + own.filter((mine) => mine.kind === c.kind).length }))
  const promises = promisesOwed(merged)
    .filter((c) => !own.some((mine) => mine.cause.rule === 'promised' && mine.cause.of === c.id))
    .map((c, i) => promiseTaken(c, { id: facts.newId(), cycle: 1 + i + own.filter((o) => o.kind === c.kind).length }))
  const receivedAt = Math.min(survivor.receivedAt, merged.receivedAt)
  return {
    set: { receivedAt, ...graver?.set },
    ...(graver?.flags ? { flags: graver.flags } : {}),
    clocks: [...clocks, ...taken, ...promises],
  }
}

/** A promise stays what it is: each has its own words and date, whoever keeps it now. */
function promiseTaken(c: ComplaintClock, its: { id: string; cycle: number }): ComplaintClock {
  return c.cause.rule === 'promised' ? { ...c, ...its, cause: { ...c.cause, of: c.id } } : { ...c, ...its }
}

/** Met, in time or late, after they were merged: that answered for both. */
function metSince({ state, settledAt }: ComplaintClock, { closedAt, mergedInto }: ComplaintState): boolean {
  return (
    mergedInto !== null && closedAt !== null && settledAt !== null && settledAt >= closedAt && state !== 'cancelled'
  )
}

const eachItsOwn = new Set(['promise', 'callback', 'handover'])

function stricterDate(own: ComplaintClock, merged: ComplaintState): ComplaintClock | undefined {
  if (eachItsOwn.has(own.kind)) return undefined
  if (own.settledAt !== null || own.state !== 'running') return undefined
  // One that is over already is the strictest there is: merging hides nothing that is late.
  const other = merged.clocks.find((c) => c.kind === own.kind && running(c))
  if (!other || other.dueAt === null || own.dueAt === null || other.dueAt >= own.dueAt) return undefined
  return other
}

type Graver = { set: Partial<Fields> & { severity: Severity }; flags?: readonly string[] }

/** The merged one's severity with what it came from, when it is the graver of the two. */
function graverOf(survivor: ComplaintState, merged: ComplaintState): Graver | undefined {
  const severity = stricter(survivor.severity, merged.severity)
  if (severity === undefined) return undefined
  const { impact, likelihood } = merged
  const more = merged.flags.filter((f) => !survivor.flags.includes(f))
  return {
    set: { severity, ...(impact !== null && likelihood !== null ? { impact, likelihood } : {}) },
    ...(more.length > 0 ? { flags: [...survivor.flags, ...more] } : {}),
  }
}

function replannedFor(state: ComplaintState, severity: Severity, { now, calendars }: Facts): ComplaintClock[] {
  const before = state.clocks.filter((c) => c.settledAt === null)
  const after = replanForSeverity(before, { severity, at: now, policy: starterPolicy, calendars })
  return before.flatMap((c, i): ComplaintClock[] => {
    const next = after[i]
    return next && next !== c ? [{ ...next, id: c.id, cycle: c.cycle }] : []
  })
}

/**
 * The other side of a merge taken back: the survivor gets its own receipt, dates and severity again, as they would stand
 * with all that happened since and without this one; what those still merged into it brought along stays. Points go back
 * to where they came from; one that only this merge had opened again is answered as before.
 */
export function release(survivor: ComplaintState, given: Release, facts: Facts): NewEvent {
  const { from, events, others } = given
  const own = ownClocks(survivor.id, events, facts.calendars)
  const clocks = survivor.clocks.map((c) =>
    givenBack(c, own, { from, survivor, others: others.length, now: facts.now }),
  )
  const points = pointsBack(survivor, given)
  const before = answeredBefore(survivor, given)
  const severity = own.assessedSince ? {} : own.severity
  let alone: ComplaintState = { ...survivor, ...before, ...severity, receivedAt: own.receivedAt, clocks }
  const took: Record<string, string> = {}
  for (const other of others) {
    const theirs = [...asBeforeMerge(other), ...other.clocks.filter((c) => c.settledAt === null)]
    const takes = { facts, unanswered: alone.respondedAt === null, keepsSeverity: own.assessedSince }
    const { set, flags = alone.flags, clocks: over } = takenOver(alone, { ...other, clocks: theirs }, takes)
    for (const c of over) if (!alone.clocks.some((a) => a.id === c.id)) took[c.id] = other.id
    const asItStands = !hasEnded(survivor) ? over : handedOver({ clocks: over }, survivor.closedAt ?? facts.now)
    const byId = new Map([...alone.clocks, ...over, ...asItStands].map((c) => [c.id, c]))
    alone = { ...alone, ...set, flags, clocks: [...byId.values()] }
  }
  const changed = alone.clocks.filter((c) => !survivor.clocks.some((was) => isSame(was, c)))
  const set = different(survivor, alone)
  return event(
    'released',
    { from, ...(Object.keys(took).length > 0 ? { took } : {}) },
    {
      ...(Object.keys(set).length > 0 ? { set } : {}),
      ...(isSame(alone.flags, survivor.flags) ? {} : { flags: alone.flags }),
      ...(points.length > 0 ? { points } : {}),
      ...(changed.length > 0 ? { clocks: changed } : {}),
    },
  )
}

const returned = [
  'receivedAt',
  'severity',
  'impact',
  'likelihood',
  'state',
  'respondedAt',
  'confirmedAt',
  'stance',
  'attempts',
  'waitingFor',
] as const

function different(was: ComplaintState, is: ComplaintState): Partial<Fields> {
  return Object.fromEntries(returned.filter((name) => !isSame(was[name], is[name])).map((name) => [name, is[name]]))
}

type BroughtFacts = { readonly points?: readonly BroughtPoint[] }

/** Kept in history, no longer asked about: whatever was found on them here, they are found on where they belong. */
function pointsBack(survivor: ComplaintState, { from, events }: Release): PointState[] {
  const ids = events
    .filter((e) => e.type === 'absorbed' && e.payload.facts.from === from)
    .flatMap((e) => ((e.payload.facts as BroughtFacts).points ?? []).map((p) => p.id))
  return survivor.points
    .filter((p) => ids.includes(p.id) && !p.gone)
    .map((p) => ({ ...p, gone: true, finding: p.finding ?? 'no_finding' }))
}

/** How it stood before this merge opened it again; nothing when it was answered since, or is open for another reason too. */
function answeredBefore(survivor: ComplaintState, { from, events, others }: Release): Partial<Fields> {
  const last = events.findLastIndex((e) => e.type === 'reopened')
  const { facts } = events[last]?.payload ?? {}
  if (facts?.cause !== 'merged' || facts.from !== from || !survivor.open || survivor.respondedAt !== null) return {}
  if (others.some(owed)) return {}
  const { state, respondedAt, confirmedAt, stance, attempts, waitingFor } = fold(survivor.id, events.slice(0, last))
  return { state, respondedAt, confirmedAt, stance, attempts, waitingFor }
}

function givenBack(
  c: ComplaintClock,
  own: OwnClocks,
  { from, survivor, others, now }: { from: string; survivor: ComplaintState; others: number; now: number },
): ComplaintClock {
  const origin = own.takenFrom.get(c.id)
  if (origin === from) return gone(c, survivor, now)
  // What was met or missed under dates that partly stay is not judged anew.
  if (origin !== undefined || (others > 0 && c.settledAt !== null)) return c
  const mine = own.clocks.get(c.id) ?? c
  if (!hasEnded(survivor)) return mine
  return handedOver({ clocks: [mine] }, survivor.closedAt ?? now)[0] ?? mine
}

/** What only the other owed goes back with it, and is not owed here when an ended survivor is taken up again. */
function gone(c: ComplaintClock, { closedAt }: ComplaintState, now: number): ComplaintClock {
  if (c.settledAt === null) return { ...c, state: 'cancelled', settledAt: now }
  return c.state === 'cancelled' && c.settledAt === closedAt ? { ...c, settledAt: now } : c
}
