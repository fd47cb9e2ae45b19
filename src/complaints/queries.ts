import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { readPlace, writeCursor } from '../kit/http/cursor.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { complaintRow, filters } from './contract.ts'
import { periodConditions } from './period-filters.ts'

export type RowReply = z.input<typeof complaintRow>
export type Filters = z.infer<typeof filters>

type ListRow = {
  id: string
  number: string
  version: number
  title: string
  snippet: string
  state: string
  open: boolean
  channel: string
  mode: 'named' | 'confidential' | 'anonymous'
  restricted: boolean
  severity: 'low' | 'medium' | 'high' | 'critical' | null
  assessed: boolean
  type_code: string | null
  customer_name: string | null
  owner_id: string | null
  owner_name: string | null
  team_id: string
  place_id: string | null
  product_id: string | null
  received_at: number
  next_clock: string | null
  next_due_at: number
  waiting_for: string | null
  updated_at: number
}

export const iso = (ms: number) => new Date(ms).toISOString()
export const isoOrNull = (ms: number | null) => (ms === null || ms === Infinity ? null : iso(ms))

// What a critical complaint owes first is safety, not the answer: its clock says so.
const nextClock = `case when c.next_clock = 'resolve' and c.severity = 'critical' and exists (select from clock k where k.org_id = c.org_id
    and k.complaint_id = c.id and k.kind = 'resolve' and k.milestone = 'containment' and k.ended_at is null) then 'containment' else c.next_clock end`

// The names of a confidential complainant stay away from lists: only those who may see them read them on the page.
const columns = sql`c.id, c.number, c.version, t.title, c.state, c.open, c.channel, c.mode, c.restricted, c.severity, c.impact is not null and c.likelihood is not null as assessed, c.type_code,
  case when c.mode = 'named' then u.name end as customer_name, c.owner_id, s.name as owner_name, c.team_id, c.place_id, c.product_id,
  c.received_at, ${sql.raw(nextClock)} as next_clock, c.next_due_at, c.waiting_for, c.updated_at,
  (select left(m.body, 160) from message m where m.org_id = c.org_id and m.complaint_id = c.id and m.visibility = 'public' order by m.at desc, m.id desc limit 1) as snippet`

const joins = sql`join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
  left join customer u on u.org_id = c.org_id and u.id = c.customer_id
  left join staff s on s.org_id = c.org_id and s.id = c.owner_id`

export function toRow(r: ListRow, now: number): RowReply {
  return {
    id: r.id,
    number: r.number,
    version: r.version,
    title: r.title,
    snippet: (r.snippet ?? '').replaceAll(/\s+/g, ' '),
    state: r.state,
    open: r.open,
    channel: r.channel,
    mode: r.mode,
    restricted: r.restricted,
    severity: r.severity,
    assessed: r.assessed,
    typeCode: r.type_code,
    customerName: r.customer_name,
    owner: r.owner_id ? { id: r.owner_id, name: r.owner_name ?? '' } : null,
    teamId: r.team_id,
    placeId: r.place_id,
    productId: r.product_id,
    receivedAt: iso(r.received_at),
    nextClock: r.next_clock,
    nextDueAt: isoOrNull(r.next_due_at),
    overdue: r.open && r.next_due_at !== Infinity && r.next_due_at < now,
    waitingFor: r.waiting_for,
    updatedAt: iso(r.updated_at),
  }
}

export const soonMs = 2 * 3_600_000

/** The conditions of a filter beside visibility and type; every value is a parameter. */
function conditions(f: Partial<Filters>, actor: StaffActor, now: number): RawBuilder<unknown>[] {
  const all: RawBuilder<unknown>[] = [sql`c.org_id = ${actor.org.id}`]
  if (f.open === 'true') all.push(sql`c.open`)
  if (f.open === 'false') all.push(sql`not c.open`)
  if (f.view === 'mine') all.push(sql`c.owner_id = ${actor.staffId ?? null}::uuid`)
  if (f.view === 'team') all.push(sql`c.team_id = any (${[...actor.teams]}::uuid[])`)
  if (f.view === 'unassigned') all.push(sql`c.owner_id is null`)
  if (f.view === 'review') all.push(sql`c.state = 'review'`)
  if (f.state) all.push(sql`c.state = ${f.state}`)
  if (f.teamId) all.push(sql`c.team_id = ${f.teamId}`)
  if (f.ownerId) all.push(sql`c.owner_id = ${f.ownerId}`)
  if (f.placeId) all.push(sql`c.place_id = ${f.placeId}`)
  if (f.productId) all.push(sql`c.product_id = ${f.productId}`)
  if (f.customerId) all.push(sql`c.customer_id = ${f.customerId} and c.mode = 'named'`)
  if (f.severity === 'unassessed') all.push(sql`(c.impact is null or c.likelihood is null)`)
  else if (f.severity) all.push(sql`c.severity = ${f.severity}`)
  if (f.channel) all.push(sql`c.channel = ${f.channel}`)
  if (f.flag)
    all.push(
      sql`exists (select 1 from complaint_flag g where g.org_id = c.org_id and g.complaint_id = c.id and g.flag = ${f.flag})`,
    )
  if (f.due === 'overdue') all.push(sql`c.next_due_at < ${new Date(now)}`)
  if (f.due === 'soon') all.push(sql`c.next_due_at >= ${new Date(now)} and c.next_due_at < ${new Date(now + soonMs)}`)
  all.push(...periodConditions(f, actor.org.id, now))
  return all
}

/** One page by keyset. The cursor holds the sort key and id of the last row; its values are only ever parameters. */
export async function listComplaints(
  tx: Tx,
  actor: StaffActor,
  query: Filters & { sort: 'next' | 'received'; cursor?: string | undefined; limit: number },
  now: number,
): Promise<{ items: RowReply[]; next: string | null }> {
  const where = conditions(query, actor, now)
  const byNext = query.sort === 'next'
  if (query.cursor) {
    const { at, id } = readPlace(query.cursor)
    where.push(
      byNext
        ? sql`(c.next_due_at, c.id) > (${at}::timestamptz, ${id}::uuid)`
        : sql`(c.received_at, c.id) < (${at}::timestamptz, ${id}::uuid)`,
    )
  }
  // The page comes from an index and is planned each time for its conditions; what it shows is joined by a prepared
  // statement, because planning all of it together took longer than running it.
  const sort = { order: byNext ? sql`c.next_due_at, c.id` : sql`c.received_at desc, c.id desc`, limit: query.limit + 1 }
  const types = query.type ? await typesUnder(tx, actor.org.id, query.type) : null
  const page = await tx.rows<PageRow>(types ? pageOfTypes(where, sort, types) : pageOf(where, sort))
  const more = page.length > query.limit
  const shown = more ? page.slice(0, query.limit) : page
  const rows = new Map(
    (
      await rowsByIds(
        tx,
        actor.org.id,
        shown.map((r) => r.id),
        now,
      )
    ).map((r) => [r.id, r]),
  )
  const last = shown.at(-1)
  const key = last && (byNext ? (last.next_due_at === Infinity ? 'infinity' : last.next_due_at) : last.received_at)
  return {
    items: shown.flatMap((r) => rows.get(r.id) ?? []),
    next: more && last ? writeCursor([key ?? null, last.id]) : null,
  }
}

/** A type and those under it. */
async function typesUnder(tx: Tx, org: string, type: string): Promise<string[]> {
  const rows = await tx.rows<{ code: string }>(
    sql`select code from code where org_id = ${org} and list = 'issue' and parent = ${type}`,
    'types-under',
  )
  return [type, ...rows.map((r) => r.code)]
}

type Sort = { readonly order: RawBuilder<unknown>; readonly limit: number }

function pageOf(where: readonly RawBuilder<unknown>[], { order, limit }: Sort): RawBuilder<PageRow> {
  return sql<PageRow>`select c.id, c.next_due_at, c.received_at from complaint c
    where ${sql.join(where, sql` and `)} and ${sql.raw(visibleSql('c'))} order by ${order} limit ${limit}`
}

/** Each type's first rows by its own index, then the first of those: a type without complaints costs nothing. */
function pageOfTypes(where: readonly RawBuilder<unknown>[], sort: Sort, types: readonly string[]): RawBuilder<PageRow> {
  const each = pageOf([...where, sql`c.type_code = x.code`], sort)
  return sql<PageRow>`select c.* from unnest(${types}::text[]) as x(code) cross join lateral (${each}) c
    order by ${sort.order} limit ${sort.limit}`
}

type PageRow = { readonly id: string; readonly next_due_at: number; readonly received_at: number }

/** List rows of these complaints, without a visibility filter: for callers that filter each reader themselves. */
export async function rowsByIds(tx: Tx, org: string, ids: readonly string[], now: number): Promise<RowReply[]> {
  if (ids.length === 0) return []
  const rows = await tx.rows<ListRow>(
    sql`select ${columns} from complaint c ${joins} where c.org_id = ${org} and c.id = any (${[...ids]}::uuid[])`,
    'rows-by-ids',
  )
  return rows.map((r) => toRow(r, now))
}
