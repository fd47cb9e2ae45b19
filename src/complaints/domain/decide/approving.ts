import { ok } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { ComplaintState, Money } from '../state.ts'
import { finalStands, remedyFacts, wholeOf } from './granting.ts'
import { first, type Facts, given, moving, openPoints, overruling, type Rule, type Spoken } from './facts.ts'

export const propose: Rule<{ remedyCode: string; amount?: Money | undefined; spoken: Spoken }> = {
  permission: 'complaint.handle',
  blocked: (state, facts) => {
    if (state.state === 'review') return overruling(state, facts)
    if (finalStands(state)) return { code: 'complaints.after-final' }
    return state.state === 'remedy_in_progress' && state.remedyStartedAt !== null
      ? { code: 'complaints.remedy-started' }
      : undefined
  },
  decide: (state, { remedyCode, amount, spoken }, { actor }) =>
    ok([
      event('proposed', given({ remedyCode, amount, ...spoken }), {
        set: {
          ...moving(state, 'propose'),
          remedyCode,
          remedyAmount: amount ?? null,
          // Whoever proposes in stage 2 is no decider of stage 1.
          ...(state.state === 'review' ? { reviewProposedBy: actor.id } : { proposedBy: actor.id }),
          // Another proposal voids the approval of the one before (domain.md §8).
          approval: state.approval === null ? null : 'again',
          approvedBy: null,
          remedyStartedAt: null,
          remedyDoneAt: null,
        },
      }),
    ]),
}

type Blocked = { code: string; facts?: Record<string, unknown> } | undefined

export const requestApproval: Rule<{ readonly reason?: Spoken | undefined }> = {
  permission: 'complaint.handle',
  transition: 'request_approval',
  blocked: (state) => {
    if (state.remedyCode === null) return { code: 'complaints.no-remedy' }
    return state.approval === 'asked' || state.approval === 'approved'
      ? { code: 'complaints.approval-asked' }
      : undefined
  },
  decide: (state, { reason }) =>
    ok([
      event(
        'approval_requested',
        { ...remedyFacts(wholeOf(state, {})), ...given({ reason }) },
        {
          set: { ...moving(state, 'request_approval'), approval: 'asked' },
        },
      ),
    ]),
}

/** In stage 2 another person than the reviewer approves, and nobody who decided stage 1. */
function approvalBlocked(state: ComplaintState, { actor }: Facts): Blocked {
  if (state.approval !== 'asked' && state.state !== 'approval') return { code: 'complaints.nothing-to-approve' }
  if (state.state !== 'review')
    return actor.id !== null && state.proposedBy === actor.id ? { code: 'complaints.own-proposal' } : undefined
  const own = actor.id !== null && (state.reviewProposedBy === actor.id || state.deciders.includes(actor.id))
  return own ? { code: 'complaints.own-decision' } : undefined
}

export const approve: Rule<{ approved: boolean; reasonHash?: string }> = {
  permission: 'complaint.approve',
  blocked: approvalBlocked,
  decide: (state, { approved, reasonHash }, { actor, now }) => {
    const facts = { ...given({ reasonHash }), ...remedyFacts(wholeOf(state, {})) }
    const decides = state.state === 'approval'
    const found = state.outcomeCode !== null && openPoints(state).length === 0
    return approved
      ? ok([
          event('approved', facts, {
            set: {
              ...moving(state, decides && found ? 'approve_decided' : 'approve'),
              approval: 'approved',
              approvedBy: actor.id,
              ...(decides ? { decidedBy: actor.id } : {}),
              ...(decides && found ? { decidedAt: first(state.decidedAt, now) } : {}),
            },
          }),
        ])
      : ok([
          event('declined', facts, {
            set: { ...moving(state, 'decline'), approval: 'declined', remedyCode: null, remedyAmount: null },
          }),
        ])
  },
}
