import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'

/**
 * Has a mail that was set aside looked at again, as one that somebody wants taken in: an automatic one becomes a complaint too.
 * False for an item that is no mail, or not set aside.
 */
export async function retryMail(tx: Tx, org: string, itemId: string, now: number): Promise<boolean> {
  const again = await tx.run(
    sql`with item as (
        update inbound_item i set state = 'waiting', attempts = 0
        where i.org_id = ${org} and i.id = ${itemId} and i.state in ('parked', 'rejected') and i.complaint_id is null
          and exists (select from inbound_mail m where m.org_id = i.org_id and m.item_id = i.id) returning i.id)
      update inbound_mail set asked = true, next_try_at = ${new Date(now)} where org_id = ${org} and item_id in (select id from item)`,
  )
  if (again === 0) return false
  await tx.run(sql`select enqueue_job('take_in_mail', ${JSON.stringify({ org })}::json, ${`mail:${org}`})`)
  return true
}
