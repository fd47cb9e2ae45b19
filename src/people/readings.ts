import type { Services } from '../kit/services.ts'
import { noteAccess } from './access-log.ts'
import type { StaffActor } from './actor.ts'

const againMs = 15 * 60_000
const mostKept = 10_000

type Read = { readonly complaintId?: string; readonly facts?: Readonly<Record<string, unknown>> }

/**
 * Notes who opens what is protected, in a transaction of its own: reading is never refused because it could not be noted,
 * and a page that follows what happens is one reading, not a hundred (one a person and thing within 15 minutes).
 */
export function readings(
  app: Pick<Services, 'db' | 'log'>,
  what: string,
): (actor: StaffActor, read: Read, now: number) => void {
  const noted = new Map<string, number>()
  return (actor, read, now) => {
    const key = `${actor.caller} ${JSON.stringify(read)}`
    if (now - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < againMs) return
    if (noted.size >= mostKept) noted.clear()
    noted.set(key, now)
    void app.db
      .withScope(actor.scope, (tx) => noteAccess(tx, { org: actor.org.id, staffId: actor.staffId, what, ...read }, now))
      .catch((error: unknown) => {
        noted.delete(key)
        app.log.error({ err: error instanceof Error ? error.name : 'unknown', ...read }, 'a reading was not noted')
      })
  }
}
