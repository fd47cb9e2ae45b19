import type { App } from '../app.ts'
import { on, onUnscoped } from '../kit/http/serve.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { readings } from '../people/index.ts'
import { readTrail, verifyComplaint } from './contract.ts'
import { exportRoutes } from './export-routes.ts'
import { proveComplaint } from './prove.ts'
import { seenBy } from './seen.ts'
import { trailOf } from './trail.ts'

/** Anyone who may see a complaint may read its history event by event, and have it checked. */
export function auditRoutes(app: App): void {
  const noteReading = readings(app, 'complaint.read-restricted')
  on(app.binding, readTrail, 'complaint.verify').answer(
    async ({ tx, actor, params: { id }, query, now, afterCommit }) => {
      const { restricted } = await seenBy(tx, actor, id)
      if (restricted) afterCommit(() => noteReading(actor, { complaintId: id }, now))
      return trailOf(tx, actor, id, query)
    },
  )
  onUnscoped(app.binding, verifyComplaint, 'complaint.verify').answer(async ({ actor, params: { id } }) => {
    await app.db.withScope(actor.scope, (tx) => seenBy(tx, actor, id), 'read')
    const proof = await proveComplaint(app, actor.org.id, id)
    if (!proof) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
    return proof.proven
  })
  exportRoutes(app)
}
