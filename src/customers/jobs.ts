import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import { nameKeys } from './name-keys.ts'

const atOnce = 500

/** Gives the customers of before names to be found by, a batch a transaction; none left, nothing done. Gives how many. */
export async function keyNames(app: { readonly systemDb: Database }): Promise<number> {
  let keyed = 0
  for (;;) {
    const done = await app.systemDb.withoutScope(async (tx) => {
      const rows = await tx.rows<{ org_id: string; id: string; name: string }>(
        sql`select org_id, id, name from customer where not keyed order by org_id, id limit ${atOnce} for update skip locked`,
      )
      if (rows.length === 0) return 0
      const keys = rows.flatMap(({ org_id, id, name }) => nameKeys(name).map((key) => ({ org: org_id, id, key })))
      await tx.run(
        sql`insert into identity_key (org_id, key, customer_id)
            select x.org, x.key, x.id from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as x(org uuid, key text, id uuid) on conflict do nothing`,
      )
      await tx.run(
        sql`update customer u set keyed = true from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(org_id uuid, id uuid) where u.org_id = x.org_id and u.id = x.id`,
      )
      return rows.length
    })
    keyed += done
    if (done < atOnce) return keyed
  }
}
