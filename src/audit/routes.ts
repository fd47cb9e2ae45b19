import { sql } from 'kysely'
import type { App } from '../app.ts'
import { verifyComplaint as endpoint } from '../complaints/contract.ts'
import { on } from '../kit/http/serve.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { visibleSql } from '../people/index.ts'
import { verifyComplaint } from './verify-complaint.ts'

/** Anyone who may see a complaint may have its history checked. */
export function auditRoutes(app: Pick<App, 'binding'>): void {
  on(app.binding, endpoint, 'complaint.verify').answer(async ({ tx, actor, params: { id } }) => {
    await tx.run(sql`set transaction isolation level repeatable read`)
    const org = actor.org.id
    const seen = await tx.first(
      sql`select 1 as ok from complaint c where c.org_id = ${org} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
    )
    const checked = seen ? await verifyComplaint(tx, org, id) : undefined
    if (!checked) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
    const { ok, events, head, problems } = checked
    return { ok, events, head, problems: problems.map(({ code, seq }) => ({ code, seq: seq ?? null })) }
  })
}
