import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import { cancelling, moving, type Rule } from './facts.ts'

/** 併案: this one ends, the other goes on and answers for both. */
export const merge: Rule<{ into: ComplaintState }> = {
  permission: 'complaint.merge',
  decide: (state, { into }, { now }) => {
    if (into.id === state.id) return refuse('complaints.merge-into-itself')
    if (!into.open || into.state === 'merged') return refuse('complaints.merge-target-closed', { number: into.number })
    return ok([
      event(
        'merged',
        { into: into.id },
        {
          set: {
            ...moving(state, 'merge'),
            stateBeforeMerge: state.state,
            mergedInto: into.id,
            closureCode: 'C7',
            closedAt: now,
          },
          clocks: cancelling(state, now),
        },
      ),
    ])
  },
}

/**
 * What the survivor takes over: the earliest start and the strictest date of each clock it runs itself, and the dates of
 * law and authorities that only the merged one had.
 */
export function absorb(survivor: ComplaintState, merged: ComplaintState, newId: () => string): NewEvent {
  const clocks = survivor.clocks.flatMap((own): ComplaintClock[] => {
    if (own.settledAt !== null || own.state !== 'running') return []
    const other = merged.clocks.find((c) => c.kind === own.kind && c.state === 'running' && c.settledAt === null)
    if (!other || other.dueAt === null || own.dueAt === null || other.dueAt >= own.dueAt) return []
    return [{ ...other, id: own.id, cycle: own.cycle, startedAt: Math.min(own.startedAt, other.startedAt) }]
  })
  const running = (c: ComplaintClock) => c.settledAt === null && (c.state === 'running' || c.state === 'breached')
  const taken = merged.clocks
    .filter((c) => ['authority', 'statutory'].includes(c.kind) && running(c))
    .filter((c) => !survivor.clocks.some((own) => own.kind === c.kind && running(own)))
    .map((c) => ({ ...c, id: newId(), cycle: 1 + survivor.clocks.filter((own) => own.kind === c.kind).length }))
  return event(
    'absorbed',
    { from: merged.id },
    { set: { receivedAt: Math.min(survivor.receivedAt, merged.receivedAt) }, clocks: [...clocks, ...taken] },
  )
}

/** Taking a merge back: it stands on its own again, its clocks as they were. */
export const unmerge: Rule<object> = {
  permission: 'complaint.merge',
  decide: (state) => {
    const clocks = state.clocks
      .filter((c) => c.state === 'cancelled' && c.settledAt === state.closedAt)
      .map((c): ComplaintClock => ({ ...c, state: 'running', settledAt: null }))
    const before = state.stateBeforeMerge ?? 'investigating'
    return ok([
      event(
        'unmerged',
        { from: state.mergedInto },
        {
          set: {
            state: before,
            open: true,
            mergedInto: null,
            stateBeforeMerge: null,
            closureCode: null,
            closedAt: null,
          },
          clocks,
        },
      ),
    ])
  },
}

export const link: Rule<{ otherId: string; kind: string }> = {
  permission: 'complaint.merge',
  decide: (state, { otherId, kind }) => {
    if (otherId === state.id) return refuse('complaints.link-to-itself')
    if (state.links.some((l) => l.otherId === otherId && l.kind === kind)) return ok([])
    return ok([event('linked', { otherId, kind }, { links: [...state.links, { otherId, kind }] })])
  },
}

export const unlink: Rule<{ otherId: string; kind: string }> = {
  permission: 'complaint.merge',
  decide: (state, { otherId, kind }) => {
    const links = state.links.filter((l) => !(l.otherId === otherId && l.kind === kind))
    return ok(links.length === state.links.length ? [] : [event('unlinked', { otherId, kind }, { links })])
  },
}

export const dismiss: Rule<{ otherId: string }> = {
  permission: 'complaint.merge',
  decide: (_state, { otherId }) => ok([event('suggestion_dismissed', { otherId })]),
}
