import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { noteAccess, type StaffActor } from '../people/index.ts'
import { readable } from './identify.ts'

type Call = { readonly tx: Tx; readonly actor: StaffActor; readonly now: number }
type Locked = { readonly id: string; readonly merged_into: string | null; readonly name: string }

/**
 * Two entries are one person. Nothing moves: the one points at the other, and whoever reads sees both as one; undone by
 * taking the pointer away. Noted in the access log; those who may not see a complaint of either do not know of them.
 */
export async function mergeCustomers(call: Call, id: string, intoId: string): Promise<{ id: string; intoId: string }> {
  if (id === intoId) throw new RefusalError({ code: 'customers.merge-into-itself', status: 422 })
  const both = await lock(call, [id, intoId])
  const from = both.find((c) => c.id === id)
  const into = both.find((c) => c.id === intoId)
  if (!from || !into) throw missing()
  if (from.merged_into !== null || into.merged_into !== null)
    throw new RefusalError({ code: 'customers.merged-already', status: 409 })
  await point(call, id, intoId)
  await remember(call, id, { field: 'merged', before: '', after: into.name })
  await note(call, 'customer.merged', { customerId: id, intoId })
  return { id, intoId }
}

/** They are two after all: each is as it was. */
export async function unmergeCustomer(call: Call, id: string): Promise<{ id: string }> {
  const [from] = await lock(call, [id])
  if (!from) throw missing()
  if (from.merged_into === null) throw new RefusalError({ code: 'customers.not-merged', status: 409 })
  await point(call, id, null)
  await remember(call, id, { field: 'merged', before: from.name, after: '' })
  await note(call, 'customer.unmerged', { customerId: id, intoId: from.merged_into })
  return { id }
}

const missing = () => new RefusalError({ code: 'customers.not-found', status: 404 })

/** In the order of their ids, so that two merges across never wait for each other. */
function lock({ tx, actor }: Call, ids: readonly string[]): Promise<Locked[]> {
  return tx.rows<Locked>(
    sql`select u.id, u.merged_into, u.name from customer u where u.org_id = ${actor.org.id} and u.id = any (${ids}::uuid[]) and ${readable('u')}
      order by u.id for update`,
  )
}

function point({ tx, actor }: Call, id: string, intoId: string | null): Promise<number> {
  return tx.run(
    sql`update customer set merged_into = ${intoId}::uuid, version = version + 1 where org_id = ${actor.org.id} and id = ${id}`,
  )
}

/** Among the changes of the customer, where whoever reads the page looks. */
function remember(
  { tx, actor, now }: Call,
  id: string,
  change: { field: string; before: string; after: string },
): Promise<number> {
  return tx.run(
    sql`insert into customer_change (org_id, id, customer_id, staff_id, at, field, before, after)
        values (${actor.org.id}, ${newId(now)}, ${id}, ${actor.staffId ?? null}, ${new Date(now)}, ${change.field}, ${change.before}, ${change.after})`,
  )
}

function note({ tx, actor, now }: Call, what: string, facts: Record<string, unknown>): Promise<void> {
  return noteAccess(tx, { org: actor.org.id, staffId: actor.staffId, what, facts }, now)
}

/** One person under all the entries that point at each other: the one they point at first. */
export async function sameCustomer(tx: Tx, org: string, id: string): Promise<{ id: string; name: string }[]> {
  return tx.rows<{ id: string; name: string }>(
    // The ids first, then each by its key: "this one or merged into it" in one condition would read every customer there is.
    sql`with root as materialized (select coalesce(u.merged_into, u.id) as id from customer u where u.org_id = ${org} and u.id = ${id})
      select u.id, u.name from root, customer u where u.org_id = ${org}
        and u.id = any (array(select r.id from root r union all select m.id from root r join customer m on m.org_id = ${org} and m.merged_into = r.id))
      order by u.id <> root.id, u.created_at`,
    'customer-same',
  )
}

/** Entries that share a number or an address with these, and may be the same person; only those this reader may know of. */
export async function perhapsSame(
  tx: Tx,
  org: string,
  ids: readonly string[],
): Promise<{ id: string; name: string; by: string }[]> {
  return tx.rows<{ id: string; name: string; by: string }>(
    sql`select u.id, u.name, min(j.kind) as by from customer_identity i
      join customer_identity j on j.org_id = i.org_id and j.kind = i.kind and j.norm = i.norm and j.customer_id <> i.customer_id
      join customer u on u.org_id = j.org_id and u.id = j.customer_id
      where i.org_id = ${org} and i.customer_id = any (${ids}::uuid[]) and u.merged_into is null and u.id <> all (${ids}::uuid[]) and ${readable('u')}
      group by u.id, u.name order by u.name limit 5`,
  )
}
