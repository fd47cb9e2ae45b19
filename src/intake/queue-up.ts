import { chain, type StoredEvent } from '../complaints/index.ts'
import { type ComplaintState, routed } from '../complaints/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { type NextOwner, nextOwner, type Route } from '../routing/index.ts'
import type { Submission } from './record.ts'

/** In which queue it begins, why, and whom of that team its mode gives it to. */
export type Queued = {
  readonly why: Route['why'] & Partial<Pick<NextOwner, 'present'>>
  readonly next: NextOwner | null
}

/** A team that shares its work out by itself: whose turn it is, asked last before writing, since others wait for it meanwhile. */
export async function queueUp(
  tx: Tx,
  org: string,
  submission: Submission,
  { route, access, now }: { readonly route: Route; readonly access: readonly string[]; readonly now: number },
): Promise<Queued> {
  if (route.mode === 'by_hand') return { why: route.why, next: null }
  const { subjectStaffIds: subjects, confidentiality } = submission
  const among = confidentiality === 'normal' ? null : access
  const next = await nextOwner(tx, org, { teamId: route.teamId, subjects, among }, now)
  // Nobody was there: said with the queue, or nothing would say it.
  return { why: next.ownerId === null ? { ...route.why, present: next.present } : route.why, next }
}

/** The history with the step that gave it to somebody; as it was where nobody gets it. */
export function givenBy(
  { why, next }: Queued,
  { org, now }: { readonly org: string; readonly now: number },
  state: ComplaintState,
  stored: readonly StoredEvent[],
): StoredEvent[] {
  const head = stored.at(-1)
  if (!next?.ownerId || !head) return [...stored]
  const event = routed(state, next.ownerId, { ...why, present: next.present })
  return [...stored, ...chain(org, state.id, head, [event], now, { kind: 'system', id: null })]
}
