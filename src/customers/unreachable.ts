import { sql } from 'kysely'
import { newId } from '../kit/ids.ts'
import type { Tx } from '../kit/db/database.ts'
import { normaliseMail } from '../language/index.ts'

/**
 * Mail to this address comes back for good: nobody's entry of it is used any more, until somebody says it may be. One that is
 * not used already stays as it is. Gives how many entries that were.
 */
export async function markUnreachable(tx: Tx, org: string, address: string, now: number): Promise<number> {
  const norm = normaliseMail(address)?.mail ?? address.toLowerCase()
  const marked = await tx.rows<{ customer_id: string; value: string }>(
    sql`update customer_identity set not_used = 'returned' where org_id = ${org} and kind = 'mail' and norm = ${norm} and not_used is null
        returning customer_id, value`,
  )
  const changes = marked.map((m) => ({
    id: newId(now),
    customer: m.customer_id,
    before: m.value,
    after: `${m.value} (returned)`,
  }))
  if (changes.length === 0) return 0
  await tx.run(
    sql`insert into customer_change (org_id, id, customer_id, staff_id, at, field, before, after)
        select ${org}, x.id, x.customer, null, ${new Date(now)}, 'notUsed', x.before, x.after
        from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as x(id uuid, customer uuid, before text, after text)`,
  )
  await tx.run(
    sql`update customer set version = version + 1 where org_id = ${org} and id = any (${changes.map((c) => c.customer)}::uuid[])`,
  )
  return changes.length
}
