import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { badCursor, readCursor, writeCursor } from '../kit/http/cursor.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { listCustomers } from './contract.ts'
import { readable } from './identify.ts'
import { matching } from './matching.ts'

type Reply = z.input<typeof listCustomers.reply>
type Row = {
  id: string
  at: string
  name: string
  tier: string | null
  identities: { kind: string; value: string }[]
  open: number
  complaints: number
  last_at: number | null
}

/** So many entries are looked at for a page, whoever may be seen among them: a page takes the same time for everybody. */
const looked = 2_000
/** A name of one character finds a tenth of all customers; more than this nobody pages through. */
const found = 20_000

export const mayKnowConfidential = (actor: Pick<StaffActor, 'permissions'>): boolean =>
  actor.permissions.has('customer.confidential')

/** What this reader may know a customer's complaint by: visible, and with a name that is not kept from them. */
export function theirs(complaint: string, confidential: boolean): string {
  const named = confidential ? `${complaint}.mode in ('named', 'confidential')` : `${complaint}.mode = 'named'`
  return `${named} and ${visibleSql(complaint)}`
}

/** Customers this reader may know of, the newest first; merged ones as one. Counts are of the complaints they may see. */
export async function listOf(
  tx: Tx,
  actor: StaffActor,
  { q, cursor, limit }: { q: string; cursor?: string | undefined; limit: number },
): Promise<Reply> {
  const org = actor.org.id
  const confidential = mayKnowConfidential(actor)
  const asked = q.trim()
  const before = cursor ? placeOf(cursor) : null
  const among = asked === '' ? sql`true` : sql`e.id in (${matching(org, asked, found)})`
  // A merged entry is listed as the one it points at, unless only it may be known.
  const places = await tx.rows<{ id: string; shown: string; last: string; looked: number }>(
    sql`with part as materialized (select e.org_id, e.id, e.merged_into from customer e
        where e.org_id = ${org} and (${before}::uuid is null or e.id < ${before}::uuid) and ${among} order by e.id desc limit ${looked}),
      bounds as (select (array_agg(p.id order by p.id))[1] as last, count(*)::int as looked from part p),
      seen as (select p.id, case when p.merged_into is not null
          and exists (select 1 from customer r where r.org_id = p.org_id and r.id = p.merged_into and ${readable('r', confidential)}) then p.merged_into else p.id end as shown
        from part p where ${readable('p', confidential)} order by p.id desc limit ${limit + 1})
      select s.id, s.shown, b.last, b.looked from bounds b left join seen s on true order by s.id desc`,
  )
  const page = places.filter((p) => p.id !== null).slice(0, limit)
  const [first] = places
  const full = places.length > limit
  const next = full ? page.at(-1)?.id : first && first.looked === looked ? first.last : undefined
  const ids = [...new Set(page.filter((p) => asked !== '' || p.shown === p.id).map((p) => p.shown))]
  return { items: await rowsOf(tx, org, ids, confidential), next: next ? writeCursor([next]) : null }
}

async function rowsOf(tx: Tx, org: string, ids: readonly string[], confidential: boolean): Promise<Reply['items']> {
  if (ids.length === 0) return []
  const rows = await tx.rows<Row>(
    sql`select u.id, u.name, u.tier, coalesce(i.all, '[]') as identities, coalesce(c.open, 0) as open, coalesce(c.n, 0) as complaints, c.last_at
      from unnest(${[...ids]}::uuid[]) with ordinality as w(id, no) join customer u on u.org_id = ${org} and u.id = w.id
      cross join lateral (select array_agg(e.id) as ids from customer e where e.org_id = u.org_id
        and e.id = any (array(select u.id union all select m.id from customer m where m.org_id = u.org_id and m.merged_into = u.id))
        and ${readable('e', confidential)}) p
      left join lateral (select jsonb_agg(jsonb_build_object('kind', x.kind, 'value', x.value) order by x.created_at) as all
        from customer_identity x where x.org_id = u.org_id and x.customer_id = any (p.ids)) i on true
      left join lateral (select count(*) filter (where c.open)::int as open, count(*)::int as n, max(c.received_at) as last_at
        from complaint c where c.org_id = u.org_id and c.customer_id = any (p.ids) and ${sql.raw(theirs('c', confidential))}) c on true
      order by w.no`,
  )
  return rows.map(({ last_at, ...row }) => ({
    ...row,
    lastAt: last_at === null ? null : new Date(last_at).toISOString(),
  }))
}

function placeOf(cursor: string): string {
  const [id] = readCursor(cursor, 1)
  if (typeof id !== 'string' || !isUuid(id)) throw badCursor()
  return id
}
