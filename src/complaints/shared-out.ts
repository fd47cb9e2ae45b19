import type { Tx } from '../kit/db/database.ts'
import { modeOf, nextOwner } from '../routing/index.ts'
import { chain, type StoredEvent } from './chain.ts'
import { cameToQueue, routed } from './domain/decide/routed.ts'
import { apply, type ComplaintState } from './domain/state.ts'

/** What was decided, and where it left the complaint in the queue of a team that shares out by itself, whom it gives it to. */
export async function sharedOut(
  tx: Tx,
  org: string,
  before: ComplaintState,
  decided: readonly StoredEvent[],
  now: number,
): Promise<StoredEvent[]> {
  const after = decided.reduce((s, e) => apply(s, e.seq, e.payload.changes), before)
  const head = decided.at(-1)
  if (!head || !cameToQueue(before, after, decided)) return [...decided]
  const { teamId, subjects, confidentiality } = after
  const mode = await modeOf(tx, org, teamId)
  if (mode === 'by_hand') return [...decided]
  const among = confidentiality === 'normal' ? null : after.access
  const { ownerId, present } = await nextOwner(tx, org, { teamId, subjects, among, without: before.ownerId }, now)
  if (ownerId === null) return [...decided]
  const event = routed(after, ownerId, { rule: 'returned', teamId, mode, present })
  return [...decided, ...chain(org, after.id, head, [event], now, { kind: 'system', id: null })]
}
