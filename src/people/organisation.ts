import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Database, Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'

export type NewOrganisation = {
  readonly slug: string
  readonly name: Labels
  readonly termSet?: string
  readonly locale: string
  readonly zone: string
  readonly demo?: boolean
}

const defaultTeam: Labels = { zhHant: '客戶服務', zhHans: '客户服务', en: 'Customer care' }

/**
 * Creates an organisation with its default team, and `fill`s it in the same transaction, which acts in its scope.
 * Refuses people.slug-taken (409).
 */
export async function createOrganisation<T>(
  db: Database,
  now: number,
  given: NewOrganisation,
  fill: (tx: Tx, made: { orgId: string; teamId: string; no: number }) => Promise<T>,
): Promise<T> {
  // Not a time-ordered id: organisations are few, and their ids should not tell when they joined.
  const orgId = randomUUID()
  return db.withScope({ org: orgId, scope: 'none' }, async (tx) => {
    const no = (await tx.first(sql<{ no: number }>`select auth.next_organisation_no() as no`))?.no ?? 0
    const inserted = await tx.run(
      sql`insert into organisation (org_id, no, slug, name, term_set, locale, zone, demo, created_at)
          values (${orgId}, ${no}, ${given.slug}, ${JSON.stringify(given.name)}::jsonb, ${given.termSet ?? 'retail'}, ${given.locale}, ${given.zone},
            ${given.demo ?? false}, ${new Date(now)}) on conflict do nothing`,
    )
    if (inserted === 0) throw new RefusalError({ code: 'people.slug-taken', status: 409 })
    const teamId = newId(now)
    await tx.run(
      sql`insert into team (org_id, id, key, name, is_default) values (${orgId}, ${teamId}, 'main', ${JSON.stringify(defaultTeam)}::jsonb, true)`,
    )
    return fill(tx, { orgId, teamId, no })
  })
}

/** Whether there is no organisation yet. */
export async function isEmpty(db: Database): Promise<boolean> {
  const { rows } = await db.pool.query('select 1 from organisations_public() limit 1')
  return rows.length === 0
}
