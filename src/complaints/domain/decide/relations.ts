import { ok, refuse } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { moving, type Rule } from './facts.ts'
import { asBeforeMerge, handedOver, hasEnded } from './merging.ts'
import { lessProtected } from './merged-protection.ts'

export type Merge = {
  readonly into: ComplaintState
  /** Whoever merges says that both complainants are one person, where the records do not. */
  readonly sameComplainant?: boolean | undefined
  /** Others are merged into this one already. */
  readonly hasOthers: boolean
  /** An answer of one of the two can still be taken back. */
  readonly leaving: boolean
}

/** 併案: the same person brought the same matter twice. This one ends, the other goes on and answers for both. */
export const merge: Rule<Merge> = {
  permission: 'complaint.merge',
  decide: (state, command, { now }) => {
    const { into } = command
    const refused = unmergeable(state, command)
    if (refused) return refuse(refused.code, refused.facts, 409)
    const asserted = sameOnRecord(state, into) ? {} : { sameComplainant: true }
    return ok([
      event(
        'merged',
        { into: into.id, ...asserted },
        {
          set: {
            ...moving(state, 'merge'),
            stateBeforeMerge: state.state,
            mergedInto: into.id,
            closureCode: 'C7',
            closedAt: now,
          },
          clocks: handedOver(state, now),
        },
      ),
    ])
  },
}

function unmergeable(
  state: ComplaintState,
  command: Merge,
): { code: string; facts?: Record<string, unknown> } | undefined {
  const { into, hasOthers, leaving } = command
  if (into.id === state.id) return { code: 'complaints.merge-into-itself' }
  if (hasEnded(into)) return { code: 'complaints.merge-target-closed', facts: { number: into.number } }
  if (hasOthers) return { code: 'complaints.has-merged' }
  // Somebody without a name is nobody else, whatever anybody says.
  const named = state.mode === into.mode && state.mode !== 'anonymous'
  if (!named || !(sameOnRecord(state, into) || command.sameComplainant === true))
    return { code: 'complaints.merge-other-complainant', facts: { number: into.number } }
  if (lessProtected(into, state)) return { code: 'complaints.merge-less-protected', facts: { number: into.number } }
  return leaving ? { code: 'complaints.answer-leaving' } : undefined
}

// Who asks for confidentiality is not told apart by trying: of them somebody has to say it.
const sameOnRecord = (a: ComplaintState, b: ComplaintState) =>
  a.mode === 'named' && a.customerId !== null && a.customerId === b.customerId

/** Taking a merge back: it stands on its own again, its clocks as they were. Not while an answer for both is on its way. */
export const unmerge: Rule<{ leaving: boolean }> = {
  permission: 'complaint.merge',
  decide: (state, { leaving }) => {
    if (leaving) return refuse('complaints.answer-leaving', {}, 409)
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
