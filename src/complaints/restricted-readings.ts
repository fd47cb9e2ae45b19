import type { Services } from '../kit/services.ts'
import { noteAccess, type StaffActor } from '../people/index.ts'

const againMs = 15 * 60_000
const mostKept = 10_000

/**
 * Notes who opens a restricted complaint, in a transaction of its own: reading is never refused because it could not be noted,
 * and a page that follows what happens is one reading, not a hundred (one a person and complaint within 15 minutes).
 */
export function restrictedReadings(
  app: Pick<Services, 'db' | 'log'>,
): (actor: StaffActor, complaintId: string, now: number) => void {
  const noted = new Map<string, number>()
  return (actor, complaintId, now) => {
    const key = `${actor.caller} ${complaintId}`
    if (now - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < againMs) return
    if (noted.size >= mostKept) noted.clear()
    noted.set(key, now)
    const entry = { org: actor.org.id, staffId: actor.staffId, what: 'complaint.read-restricted', complaintId }
    void app.db
      .withScope(actor.scope, (tx) => noteAccess(tx, entry, now))
      .catch((error: unknown) => {
        noted.delete(key)
        app.log.error({ err: error instanceof Error ? error.name : 'unknown', complaintId }, 'a reading was not noted')
      })
  }
}
