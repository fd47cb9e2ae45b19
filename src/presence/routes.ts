import { sql } from 'kysely'
import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { visibleSql } from '../people/index.ts'
import type { PresenceBook } from './book.ts'
import { bePresent } from './contract.ts'

/** Only whoever may see a complaint is at it, and learns who else is. */
export function presenceRoutes(app: App, book: PresenceBook): void {
  on(app.binding, bePresent, 'complaint.read').answer(async ({ tx, actor, params, body, now, afterCommit }) => {
    const org = actor.org.id
    const seen = await tx.first(
      sql`select 1 as ok from complaint c where c.org_id = ${org} and c.id = ${params.id} and ${sql.raw(visibleSql('c'))}`,
      'complaint-seen-here',
    )
    if (!seen) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
    const { staffId } = actor
    if (staffId && actor.kind === 'staff') {
      const who = { id: staffId, name: actor.name, typing: body.doing === 'typing' }
      afterCommit(() => book.note(org, params.id, who, body.doing === 'gone' ? 'gone' : 'here', now))
    }
    return { others: book.of(org, params.id, now).filter((p) => p.id !== staffId) }
  })
}
