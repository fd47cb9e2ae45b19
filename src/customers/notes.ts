import { sql } from 'kysely'
import { newId } from '../kit/ids.ts'
import { type Call, lockKnown, missing } from './known.ts'
import { sameCustomer } from './merge.ts'

/** A note about a customer one may know of, for colleagues. */
export async function addNote(call: Call, customerId: string, text: string): Promise<{ id: string }> {
  const { tx, actor, now } = call
  await lockKnown(call, customerId)
  const id = newId(now)
  await tx.run(
    sql`insert into customer_note (org_id, id, customer_id, staff_id, at, text)
        values (${actor.org.id}, ${id}, ${customerId}, ${actor.staffId ?? null}, ${new Date(now)}, ${text})`,
  )
  return { id }
}

/** Takes a note of one's own away, also one of an entry that is the same person. */
export async function removeNote(call: Call, customerId: string, id: string): Promise<{ id: string }> {
  const { tx, actor } = call
  await lockKnown(call, customerId)
  const same = (await sameCustomer(tx, actor.org.id, customerId)).map((c) => c.id)
  const gone = await tx.run(
    sql`delete from customer_note where org_id = ${actor.org.id} and id = ${id} and customer_id = any (${same}::uuid[]) and staff_id = ${actor.staffId ?? null}::uuid`,
  )
  if (gone === 0) throw missing()
  return { id }
}
