import { z } from 'zod'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import { contentDisposition } from '../kit/files/file-name.ts'
import { invalidRequest, sendProblem } from '../kit/http/problem.ts'
import { id as idShape } from '../kit/contract/shapes.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { noteAccess, type Permission, type StaffActor } from '../people/index.ts'
import { proofFile } from './proof-file.ts'
import { proveComplaint } from './prove.ts'
import { seenBy } from './seen.ts'
import { trailCsv } from './trail-csv.ts'
import { trailOf } from './trail.ts'

const params = z.object({ id: idShape })
type Made = { readonly name: string; readonly type: string; readonly body: string }

/**
 * The history as a file: a table for whoever may check it, and the proof that can be checked outside for auditors alone,
 * because a checkpoint names other complaints by their ids. Who took one away is noted.
 */
export function exportRoutes(app: App): void {
  const { server, now } = app.binding
  const give =
    (permission: Permission, what: string, make: (actor: StaffActor, id: string) => Promise<Made>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const actor = await app.binding.authorise(request, permission)
      const read = params.safeParse(request.params)
      if (!read.success) return sendProblem(reply, invalidRequest(read.error, request.id, 'params'))
      const { id } = read.data
      await app.db.withScope(actor.scope, async (tx) => {
        await seenBy(tx, actor, id)
        await noteAccess(tx, { org: actor.org.id, staffId: actor.staffId, what, complaintId: id }, now())
      })
      const { name, type, body } = await make(actor, id)
      return reply
        .type(type)
        .header('cache-control', 'no-store')
        .header('content-disposition', contentDisposition(name))
        .send(body)
    }
  server.get(
    '/api/v1/complaints/:id/audit.csv',
    give('complaint.verify', 'audit.trail-exported', (actor, id) =>
      app.db.withScope(
        actor.scope,
        async (tx) => {
          const { number } = await seenBy(tx, actor, id)
          const { items } = await trailOf(tx, actor, id, { limit: Number.POSITIVE_INFINITY })
          return { name: `${number}-audit.csv`, type: 'text/csv; charset=utf-8', body: trailCsv(items) }
        },
        'read',
      ),
    ),
  )
  server.get(
    '/api/v1/complaints/:id/proof.json',
    give('complaint.prove', 'audit.proof-exported', async (actor, id) => {
      const proof = await proveComplaint(app, actor.org.id, id)
      if (!proof) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
      const { id: org, slug } = actor.org
      const body = JSON.stringify(proofFile({ id: org, slug }, proof), null, 1)
      return { name: `${proof.proven.number}-proof.json`, type: 'application/json; charset=utf-8', body }
    }),
  )
}
