import { notArrived, startClock, wroteAgain } from '../../../clocks/domain/index.ts'
import { ok } from '../../../kit/pure/result.ts'
import { event } from '../event.ts'
import type { Changes, ComplaintClock, ComplaintState, Fields } from '../state.ts'
import { isAfterEnd, nextState, workflowOf } from '../workflow.ts'
import { type Facts, moving, type Rule, settling } from './facts.ts'
import { running } from './merging.ts'

/**
 * Words of the complainant, on any channel, move a complaint: what was waited for has come, and what had ended is looked at
 * again. That is owed within a day, by the owner it had; one whose owner has left goes back to the queue.
 */
export function heard(state: ComplaintState, facts: Facts): Changes {
  return lookedAtAgain(state, facts, (s) => newsOwed(s, wroteAgain, 'wrote_again', facts))
}

/** We wrote to them and it did not arrive: they are owed news another way, of what has ended too. */
export function unheard(state: ComplaintState, facts: Facts): Changes {
  const owes = (s: ComplaintState) => newsOwed(s, notArrived, 'not_arrived', facts)
  if (!state.open) return lookedAtAgain(state, facts, owes)
  return newsRuns(state) ? {} : { clocks: [owes(state)] }
}

const newsRuns = ({ clocks, endedAs, closedAt }: ComplaintState) =>
  clocks.some((c) => c.kind === 'next_update' && running(c) && (endedAs === null || c.startedAt >= (closedAt ?? 0)))

function lookedAtAgain(state: ComplaintState, facts: Facts, owes: (state: ComplaintState) => ComplaintClock): Changes {
  const moved = moving(state, 'append')
  const to = nextState(workflowOf(state.workflow), 'append', state) ?? state.state
  if (!isAfterEnd(workflowOf(state.workflow), to)) return { set: moved }
  const left = facts.ownerGone === true && state.ownerId !== null
  return {
    set: { ...moved, ...(left ? { ownerId: null } : {}) },
    ...(state.endedAs !== null && newsRuns(state) ? {} : { clocks: [owes(state)] }),
    ...(left ? toKeepers(state, facts.keepers ?? []) : {}),
  }
}

/** What the event says of it: how it had ended, and why nobody owns it any more. */
export function heardFacts(state: ComplaintState, { set = {} }: Changes): Record<string, unknown> {
  const back = 'ownerId' in set ? { assignedWhy: { rule: 'owner-gone', ownerStaff: state.ownerId } } : {}
  return set.endedAs ? { endedAs: set.endedAs, ...back } : back
}

/** A clock for news that the complainant is owed from now on. */
export function newsOwed(
  state: ComplaintState,
  policy: typeof wroteAgain,
  rule: 'wrote_again' | 'not_arrived',
  { now, newId, calendars }: Pick<Facts, 'now' | 'newId' | 'calendars'>,
): ComplaintClock {
  const clock = startClock(policy, { startedAt: now, policy, cause: { rule, at: now }, calendars })
  return { ...clock, id: newId(), cycle: 1 + state.clocks.filter((c) => c.kind === policy.kind).length }
}

/** A restricted complaint that nobody owns is still seen by somebody. */
export function toKeepers(state: ComplaintState, keepers: readonly string[]): { access?: readonly string[] } {
  if (state.confidentiality === 'normal') return {}
  const more = keepers.filter((id) => !state.access.includes(id) && !state.subjects.includes(id))
  return more.length > 0 ? { access: [...state.access, ...more] } : {}
}

/** Looked at, and nothing to be taken up: it is again what it was, since when it was, and somebody said why. */
export const leaveEnded: Rule<{ reasonHash: string }> = {
  permission: 'complaint.close',
  transition: 'leave_ended',
  decide: (state, { reasonHash }, { now }) => {
    const set: Partial<Fields> = { state: state.endedAs ?? 'closed', open: false, endedAs: null }
    return ok([
      event('left_ended', { reasonHash }, { set, clocks: settling(state, ['next_update', 'follow_up'], now) }),
    ])
  },
}
