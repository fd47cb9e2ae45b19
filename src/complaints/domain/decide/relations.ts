import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { asBeforeMerge } from './merging.ts'
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

/** Taking a merge back: it stands on its own again, its clocks as they were. */
export const unmerge: Rule<object> = {
  permission: 'complaint.merge',
  decide: (state) => {
    const clocks = asBeforeMerge(state)
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
