import { sql } from 'kysely'
import type { App } from '../app.ts'
import { contentDisposition } from '../kit/files/file-name.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import { noteAccess } from '../people/index.ts'
import { asideVisibleSql } from './aside.ts'

/**
 * The bytes of a parked item as they came, for whoever has to find out what it is. Always a download, never shown by the
 * browser; what belongs to a complaint is read there, by those who may see it. Who took it is noted.
 */
export function rawRoute(app: App): void {
  const { server, now } = app.binding
  server.get<{ Params: { id: string } }>('/api/v1/inbound-items/:id/raw', async (request, reply) => {
    const actor = await app.binding.authorise(request, 'parked.read')
    const { id } = request.params
    const org = actor.org.id
    const row = await app.db.withScope(actor.scope, async (tx) => {
      if (!isUuid(id)) return undefined
      const found = await tx.first<{ raw: Buffer; channel: string }>(
        sql`select i.raw, i.channel from inbound_item i
            where i.org_id = ${org} and i.id = ${id} and i.complaint_id is null and i.state in ('parked', 'rejected') and ${asideVisibleSql}`,
      )
      const entry = { org, staffId: actor.staffId, what: 'intake.raw-read', facts: { itemId: id } }
      if (found) await noteAccess(tx, entry, now())
      return found
    })
    if (!row) throw new RefusalError({ code: 'intake.not-parked', status: 404 })
    return reply
      .type('application/octet-stream')
      .header(
        'content-disposition',
        contentDisposition(`${row.channel}-${id}.${row.channel === 'email' ? 'eml' : 'bin'}`),
      )
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('cache-control', 'private, no-store')
      .send(row.raw)
  })
}
