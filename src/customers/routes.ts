import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../kit/db/database.ts'
import type { Locale } from '../kit/contract/shapes.ts'
import { on } from '../kit/http/serve.ts'
import { normaliseMail, normaliseOrderNumber, normalisePhone } from '../language/index.ts'
import { visibleSql } from '../people/index.ts'
import { findCustomers, mergeCustomers as merging, unmergeCustomer as unmerging } from './contract.ts'
import { mergeCustomers, unmergeCustomer } from './merge.ts'

type Found = {
  id: string
  name: string
  locale: Locale
  identities: { kind: string; value: string }[]
  openCount: number
}

export function customerRoutes(app: App): void {
  on(app.binding, merging, 'complaint.merge').answer((c) => mergeCustomers(c, c.params.id, c.body.intoId))
  on(app.binding, unmerging, 'complaint.merge').answer((c) => unmergeCustomer(c, c.params.id))
  on(app.binding, findCustomers, 'customer.read').answer(async ({ tx, actor, query }) => ({
    items: await find(tx, actor.org.id, query.q.trim()),
  }))
}

/**
 * Customers by the beginning of a name, the end of a number (three digits or more), a whole mail or handle, or the number of an order. Someone whose
 * complaints this reader may not see, or only gave a name in confidence, does not exist here either.
 */
async function find(tx: Tx, org: string, q: string): Promise<Found[]> {
  if (q.length < 1) return []
  const digits = q.replaceAll(/\D/g, '')
  const keys = [
    q.toLowerCase(),
    normaliseMail(q)?.mail,
    digits.length >= 3 ? digits.slice(-9) : undefined,
    normalisePhone(q)?.e164.slice(-9),
  ].filter((k) => k !== undefined)
  const order = normaliseOrderNumber(q)
  return tx.rows<Found>(sql`select u.id, u.name, u.locale,
      coalesce((select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.created_at) from customer_identity i where i.org_id = u.org_id and i.customer_id = u.id), '[]') as identities,
      (select count(*)::int from complaint c where c.org_id = u.org_id and c.customer_id = u.id and c.open and c.mode = 'named' and ${sql.raw(visibleSql('c'))}) as "openCount"
    from customer u
    where u.org_id = ${org} and u.merged_into is null
      and u.id in (
        (select k.customer_id from identity_key k where k.org_id = ${org} and k.key = any (${keys}::text[]) limit 50)
        union (select n.id from customer n where n.org_id = ${org} and n.name >= ${q} and n.name < ${`${q}\uffff`} limit 50)
        union (select c.customer_id from complaint c where c.org_id = ${org} and c.order_no = ${order}::text and c.customer_id is not null and c.mode = 'named' and ${sql.raw(visibleSql('c'))} limit 20))
      and (not exists (select 1 from complaint c where c.org_id = u.org_id and c.customer_id = u.id)
        or exists (select 1 from complaint c where c.org_id = u.org_id and c.customer_id = u.id and c.mode = 'named' and ${sql.raw(visibleSql('c'))}))
    order by u.name limit 10`)
}
