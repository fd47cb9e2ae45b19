import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../kit/db/database.ts'
import { on } from '../kit/http/serve.ts'
import { noteAccess } from '../people/index.ts'
import * as contract from './contract.ts'
import { type Publishing, publishingOf } from './publishing.ts'

/** What an organisation has set for its public pages. */
export function portalSettingRoutes({ binding }: App): void {
  on(binding, contract.getPublicPromises, 'settings.read').answer(async ({ tx, actor }) => ({
    published: await publishedIn(tx, actor.org.id),
  }))
  on(binding, contract.putPublicPromises, 'settings.write').answer(async ({ tx, actor, body, now }) => {
    const before = await publishedIn(tx, actor.org.id)
    if (before === body.published) return body
    await tx.run(
      sql`update organisation set settings = settings || jsonb_build_object('publicPromises', ${body.published}::text) where org_id = ${actor.org.id}`,
    )
    const facts = { before, after: body.published }
    await noteAccess(tx, { org: actor.org.id, staffId: actor.staffId, what: 'portal.promises-set', facts }, now)
    return body
  })
}

async function publishedIn(tx: Tx, org: string): Promise<Publishing> {
  const row = await tx.first<{ set: string | null }>(
    sql`select settings->>'publicPromises' as set from organisation where org_id = ${org}`,
  )
  return publishingOf(row?.set)
}
