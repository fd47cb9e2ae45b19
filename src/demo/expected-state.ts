import type { ComplaintState, Step } from './types.ts'

const AFTER: Partial<Record<Step['do'], ComplaintState>> = {
  acknowledge: 'acknowledged',
  assess: 'assessed',
  assign: 'assigned',
  investigate: 'investigating',
  ask_info: 'awaiting_info',
  propose: 'proposal',
  request_approval: 'approval',
  approve: 'approved',
  decide: 'decided',
  respond: 'responded',
  start_remedy: 'remedy_in_progress',
  remedy_done: 'follow_up',
  close: 'closed',
  reopen: 'investigating',
  request_review: 'review',
  conclude_review: 'final',
  go_external: 'external',
  withdraw: 'withdrawn',
  redirect: 'redirected',
  merge: 'merged',
}

const ended: ReadonlySet<ComplaintState> = new Set(['closed', 'final', 'withdrawn', 'redirected'])

/**
 * The state a complaint is in after these steps, by the standard flow. Notes, replies, calls and findings move
 * nothing; a handover (`assign`) after the investigation began changes the owner only; an answer from the customer
 * ends the waiting, one to what has ended is looked at again.
 */
export function expectedState(steps: readonly Step[]): ComplaintState {
  let state: ComplaintState = 'received'
  for (const step of steps) {
    if (step.do === 'assign' && !['received', 'acknowledged', 'assessed'].includes(state)) continue
    if (step.do === 'customer_message' && state === 'awaiting_info') state = 'investigating'
    else if (step.do === 'customer_message' && ended.has(state)) state = 'wrote_again'
    else state = AFTER[step.do] ?? state
  }
  return state
}
