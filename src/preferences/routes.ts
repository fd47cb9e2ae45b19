import { sql } from 'kysely'
import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { changePreferences, readPreferences } from './contract.ts'

/** They are read with `GET /api/v1/me`, so that the desk is drawn once as one likes it. */
export function preferenceRoutes(app: App): void {
  on(app.binding, changePreferences, 'self').answer(async ({ tx, actor, body, now }) => {
    if (!actor.staffId) throw new RefusalError({ code: 'people.not-allowed', status: 403 })
    const row = await tx.first<{ value: unknown }>(
      sql`insert into staff_preference as p (org_id, staff_id, value, updated_at)
        values (${actor.org.id}, ${actor.staffId}, ${JSON.stringify(body)}::jsonb, ${new Date(now)})
        on conflict (org_id, staff_id) do update set value = p.value || excluded.value, updated_at = excluded.updated_at returning value`,
    )
    return readPreferences(row?.value)
  })
}
