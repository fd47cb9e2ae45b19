import type { Tx } from '../kit/db/database.ts'
import { publicActor } from './doors.ts'
import type { Visit } from './visit.ts'

/** Work in the organisation as a passer-by: no staff, no teams, nothing but what the statements ask by secret. */
export function inScope<T>(visit: Visit, work: (tx: Tx) => Promise<T>, mode: 'read' | 'write' = 'read'): Promise<T> {
  return visit.app.db.withScope(publicActor(visit.org, 'portal').scope, work, mode)
}
