import { event, type NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import { given } from './facts.ts'
import { toKeepers } from './wrote-again.ts'

export type Leaver = {
  readonly staffId: string
  /** A lead who takes what was promised; null: whoever of the team takes it. */
  readonly heir: string | null
  /** Who sees a restricted complaint that nobody owns. */
  readonly keepers: readonly string[]
  /** Who closed the account, where that is known. */
  readonly by?: string | undefined
}

/**
 * Somebody does not work here any more: what they answered for goes back to the queue of its team, and what they promised,
 * or were handed, to a lead. Nothing when nothing of it is theirs, so that saying it twice is as good as once.
 */
export function leaving(state: ComplaintState, { staffId, heir, keepers, by }: Leaver): NewEvent[] {
  const owned = state.open && state.ownerId === staffId
  const clocks = state.clocks.flatMap((clock) => inherited(clock, staffId, heir))
  if (!owned && clocks.length === 0) return []
  const why = { assignedWhy: { rule: 'owner-left', ownerStaff: staffId, ...(by === undefined ? {} : { by }) } }
  const seeing = [...(clocks.length > 0 && heir !== null ? [heir] : []), ...(owned ? keepers : [])]
  return [
    event(
      owned ? 'owner_left' : 'duties_left',
      { ...why, ...given({ heirStaff: clocks.length > 0 ? (heir ?? undefined) : undefined }) },
      {
        ...(owned ? { set: { ownerId: null } } : {}),
        ...(clocks.length > 0 ? { clocks } : {}),
        ...toKeepers(state, seeing),
      },
    ),
  ]
}

function inherited(clock: ComplaintClock, from: string, heir: string | null): ComplaintClock[] {
  const { cause } = clock
  if (clock.ownerId !== from || clock.settledAt !== null) return []
  return [{ ...clock, ownerId: heir, cause: cause.rule === 'handed_over' ? { ...cause, toStaff: heir } : cause }]
}
