import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../kit/db/database.ts'
import type { Locale } from '../kit/contract/shapes.ts'
import { on } from '../kit/http/serve.ts'
import { readings, visibleSql } from '../people/index.ts'
import { changeCustomer } from './change.ts'
import * as contract from './contract.ts'
import { readable } from './identify.ts'
import { listOf } from './list.ts'
import { matching } from './matching.ts'
import { mergeCustomers, unmergeCustomer } from './merge.ts'
import { addNote, removeNote } from './notes.ts'
import { openCustomer } from './page.ts'

type Found = {
  id: string
  name: string
  locale: Locale
  identities: { kind: string; value: string }[]
  openCount: number
}

export function customerRoutes(app: App): void {
  const { binding } = app
  const noteReading = readings(app, 'customer.read-protected')
  on(binding, contract.mergeCustomers, 'complaint.merge').answer((c) => mergeCustomers(c, c.params.id, c.body.intoId))
  on(binding, contract.unmergeCustomer, 'complaint.merge').answer((c) => unmergeCustomer(c, c.params.id))
  on(binding, contract.findCustomers, 'customer.read').answer(async ({ tx, actor, query }) => ({
    items: await find(tx, actor.org.id, query.q.trim()),
  }))
  on(binding, contract.listCustomers, 'customer.read').answer(({ tx, actor, query }) => listOf(tx, actor, query))
  on(binding, contract.openCustomer, 'customer.read').answer(async ({ tx, actor, params, now, afterCommit }) => {
    const page = await openCustomer(tx, actor, params.id, now)
    const secret = page.complaints.some((c) => c.restricted || c.mode === 'confidential')
    if (secret) afterCommit(() => noteReading(actor, { facts: { customerId: page.id } }, now))
    return page
  })
  on(binding, contract.changeCustomer, 'customer.write').answer((c) => changeCustomer(c, c.params.id, c.body))
  on(binding, contract.noteCustomer, 'customer.write').answer((c) => addNote(c, c.params.id, c.body.text))
  on(binding, contract.dropNote, 'customer.write').answer((c) => removeNote(c, c.params.id, c.body.noteId))
}

/**
 * Customers by any part or the sound of a name, the end of a number (three digits or more), a whole mail or handle, or the
 * number of an order. Someone whose complaints this reader may not see, or only gave a name in confidence, does not exist
 * here either.
 */
async function find(tx: Tx, org: string, q: string): Promise<Found[]> {
  if (q.length < 1) return []
  return tx.rows<Found>(sql`select u.id, u.name, u.locale,
      coalesce((select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.created_at) from customer_identity i where i.org_id = u.org_id and i.customer_id = u.id), '[]') as identities,
      (select count(*)::int from complaint c where c.org_id = u.org_id and c.customer_id = u.id and c.open and c.mode = 'named' and ${sql.raw(visibleSql('c'))}) as "openCount"
    from customer u where u.org_id = ${org} and u.merged_into is null and u.id in (${matching(org, q, 50)}) and ${readable('u')}
    order by u.name limit 10`)
}
