import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'

export type Seen = { readonly restricted: boolean; readonly number: string }

/** To those who may not see it, there is nothing to check. */
export async function seenBy(tx: Tx, actor: StaffActor, id: string): Promise<Seen> {
  const seen = await tx.first<Seen>(
    sql`select c.restricted, c.number from complaint c where c.org_id = ${actor.org.id} and c.id = ${id} and ${sql.raw(visibleSql('c'))}`,
  )
  if (!seen) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  return seen
}
