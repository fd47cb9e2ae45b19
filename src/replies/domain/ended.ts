import { apply, type Changes, type ComplaintState, handedOver, hasEnded } from '../../complaints/domain/index.ts'

/**
 * What runs again because an answer was taken back runs on no complaint that ended another way meanwhile (withdrawn, say): it
 * ended with it, and goes on when it is taken up again.
 */
export function overWhereEnded(state: ComplaintState, changes: Changes, now: number): Changes {
  const after = apply(state, state.version, changes)
  if (!hasEnded(after) || changes.clocks === undefined) return changes
  const over = new Map(handedOver({ clocks: changes.clocks }, after.closedAt ?? now).map((c) => [c.id, c]))
  return { ...changes, clocks: changes.clocks.map((c) => over.get(c.id) ?? c) }
}
