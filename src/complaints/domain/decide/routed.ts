import { event, type NewEvent } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { moving } from './facts.ts'

/** Why this team and this person: the line of the table, the mode, who was present and how many open ones each had then. */
export type RoutedWhy = Readonly<Record<string, unknown>> & {
  readonly present: readonly { readonly staffId: string; readonly open: number }[]
}

/** Given to somebody by the mode of its queue. Whom was found with the facts; nobody's own decision. */
export function routed(state: ComplaintState, ownerId: string, why: RoutedWhy): NewEvent {
  return event('routed', { ownerId, assignedWhy: why }, { set: { ...moving(state, 'assign'), ownerId } })
}

/**
 * Whether it has just come to a queue where nobody has it: given back, its owner may not have it or has left, or another team's
 * now. What is looked at by stage 2 waits for the one who is to look, and what is undone is as it was.
 */
export function cameToQueue(before: ComplaintState, after: ComplaintState, events: readonly NewEvent[]): boolean {
  const came = before.ownerId !== null || before.teamId !== after.teamId
  const back = events.some((e) => e.type === 'undone')
  return after.open && after.ownerId === null && came && !back && after.state !== 'review'
}
