import type { ComplaintClock, ComplaintState } from '../state.ts'
import { event, type NewEvent } from '../event.ts'
import { type OwnClocks, type Told, ownClocks } from './own-clocks.ts'
import type { Facts } from './facts.ts'
import { isSame } from './same.ts'

const running = (c: ComplaintClock) => c.settledAt === null && (c.state === 'running' || c.state === 'breached')

/** The clocks that merging ended, as they were: running, or over and still owed. */
export function asBeforeMerge({ clocks, closedAt }: ComplaintState): ComplaintClock[] {
  return clocks.flatMap((c): ComplaintClock[] => {
    if (c.settledAt === null || c.settledAt !== closedAt) return []
    if (c.state === 'cancelled') return [{ ...c, state: 'running', settledAt: null }]
    return c.state === 'breached' ? [{ ...c, settledAt: null }] : []
  })
}

/**
 * What the survivor takes over: the earliest start and the strictest date of each clock it runs itself, and the dates of
 * law and authorities that only the merged one had.
 */
export function absorb(survivor: ComplaintState, merged: ComplaintState, newId: () => string): NewEvent {
  const { receivedAt, clocks } = takenOver(survivor, merged, newId)
  return event('absorbed', { from: merged.id }, { set: { receivedAt }, clocks })
}

function takenOver(survivor: ComplaintState, merged: ComplaintState, newId: () => string) {
  const clocks = survivor.clocks.flatMap((own): ComplaintClock[] => {
    if (own.settledAt !== null || own.state !== 'running') return []
    const other = merged.clocks.find((c) => c.kind === own.kind && c.state === 'running' && c.settledAt === null)
    if (!other || other.dueAt === null || own.dueAt === null || other.dueAt >= own.dueAt) return []
    return [{ ...other, id: own.id, cycle: own.cycle, startedAt: Math.min(own.startedAt, other.startedAt) }]
  })
  const taken = merged.clocks
    .filter((c) => ['authority', 'statutory'].includes(c.kind) && running(c))
    .filter((c) => !survivor.clocks.some((own) => own.kind === c.kind && running(own)))
    .map((c) => ({ ...c, id: newId(), cycle: 1 + survivor.clocks.filter((own) => own.kind === c.kind).length }))
  return { receivedAt: Math.min(survivor.receivedAt, merged.receivedAt), clocks: [...clocks, ...taken] }
}

export type Release = {
  /** The complaint that stands on its own again. */
  readonly from: string
  /** The survivor's history, oldest first. */
  readonly events: readonly Told[]
  /** Those that stay merged into it, as they are now. */
  readonly others: readonly ComplaintState[]
}

/**
 * The other side of a merge taken back: the survivor gets its own receipt and dates again, as they would stand with all
 * that happened since and without this one; what those still merged into it brought along stays.
 */
export function release(survivor: ComplaintState, { from, events, others }: Release, facts: Facts): NewEvent {
  const own = ownClocks(survivor.id, events, facts.calendars)
  const clocks = survivor.clocks.map((c) =>
    givenBack(c, own, { from, survivor, others: others.length, now: facts.now }),
  )
  let alone: ComplaintState = { ...survivor, receivedAt: own.receivedAt, clocks }
  const took: Record<string, string> = {}
  for (const other of others) {
    const theirs = [...asBeforeMerge(other), ...other.clocks.filter((c) => c.settledAt === null)]
    const over = takenOver(alone, { ...other, clocks: theirs }, facts.newId)
    for (const c of over.clocks) if (!alone.clocks.some((a) => a.id === c.id)) took[c.id] = other.id
    const byId = new Map([...alone.clocks, ...over.clocks].map((c) => [c.id, c]))
    alone = { ...alone, receivedAt: over.receivedAt, clocks: [...byId.values()] }
  }
  const changed = alone.clocks.filter((c) => !survivor.clocks.some((was) => isSame(was, c)))
  return event(
    'released',
    { from, ...(Object.keys(took).length > 0 ? { took } : {}) },
    {
      ...(alone.receivedAt === survivor.receivedAt ? {} : { set: { receivedAt: alone.receivedAt } }),
      ...(changed.length > 0 ? { clocks: changed } : {}),
    },
  )
}

function givenBack(
  c: ComplaintClock,
  own: OwnClocks,
  { from, survivor, others, now }: { from: string; survivor: ComplaintState; others: number; now: number },
): ComplaintClock {
  const origin = own.takenFrom.get(c.id)
  if (origin === from) return c.settledAt === null ? { ...c, state: 'cancelled', settledAt: now } : c
  // What was met or missed under dates that partly stay is not judged anew.
  if (origin !== undefined || (others > 0 && c.settledAt !== null)) return c
  const mine = own.clocks.get(c.id) ?? c
  if (survivor.open || mine.settledAt !== null || mine.state !== 'running') return mine
  const endedAt = survivor.closedAt ?? now
  return mine.dueAt !== null && mine.dueAt < endedAt
    ? { ...mine, state: 'breached', breachedAt: mine.dueAt, settledAt: endedAt }
    : { ...mine, state: 'cancelled', settledAt: endedAt }
}
