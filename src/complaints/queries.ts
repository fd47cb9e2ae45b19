import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { readPlace, writeCursor } from '../kit/http/cursor.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { complaintRow, filters } from './contract.ts'
import { periodConditions } from './period-filters.ts'

export type RowReply = z.input<typeof complaintRow>
export type Filters = z.infer<typeof filters>
type Part = Filters & { readonly mine?: 'owned' | 'owed' }

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
  handover: { staffId: string | null; teamId: string; since: number; dueAt: number | null } | null
}

export const iso = (ms: number) => new Date(ms).toISOString()
export const isoOrNull = (ms: number | null) => (ms === null || ms === Infinity ? null : iso(ms))

// What a critical complaint owes first is safety, not the answer: its clock says so.
// (Until policy version 2 that was the `resolve` clock of its own.)
const nextClock = `case when c.next_clock = 'resolve' and c.severity = 'critical' and exists (select from clock k where k.org_id = c.org_id
    and k.complaint_id = c.id and k.kind = 'resolve' and k.milestone = 'containment' and k.ended_at is null) then 'containment' else c.next_clock end`

// The names of a confidential complainant stay away from lists: only those who may see them read them on the page.
const columns = sql`c.id, c.number, c.version, t.title, c.state, c.open, c.channel, c.mode, c.restricted, c.severity, c.impact is not null and c.likelihood is not null as assessed, c.type_code,
  case when c.mode = 'named' then u.name end as customer_name, c.owner_id, s.name as owner_name, c.team_id, c.place_id, c.product_id,
  c.received_at, ${sql.raw(nextClock)} as next_clock, c.next_due_at, c.waiting_for, c.updated_at,
  (select left(x.body, 160) from (
      (select m.body, m.at, m.id from message m where m.org_id = c.org_id and m.complaint_id = c.id and m.visibility = 'public' order by m.at desc, m.id desc limit 1)
      union all
      select n.* from complaint g cross join lateral (select m.body, m.at, m.id from message m
        where m.org_id = g.org_id and m.complaint_id = g.id and m.visibility = 'public' order by m.at desc, m.id desc limit 1) n
      where g.org_id = c.org_id and g.merged_into = c.id
    ) x order by x.at desc, x.id desc limit 1) as snippet,
  (select jsonb_build_object('staffId', k.owner_id, 'teamId', k.cause->>'toTeam', 'since', floor(extract(epoch from k.started_at) * 1000), 'dueAt', floor(extract(epoch from k.due_at) * 1000))
    from clock k where k.org_id = c.org_id and k.complaint_id = c.id and k.kind = 'handover' and k.ended_at is null limit 1) as handover`

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
    handover: r.handover && {
      staffId: r.handover.staffId,
      teamId: r.handover.teamId,
      since: iso(r.handover.since),
      late: r.handover.dueAt !== null && r.handover.dueAt < now,
    },
  }
}

export const soonMs = 2 * 3_600_000

/** The conditions of a filter beside visibility, type and jurisdiction; every value is a parameter. */
export function conditions(f: Partial<Part>, actor: StaffActor, now: number): RawBuilder<unknown>[] {
  const all: RawBuilder<unknown>[] = [sql`c.org_id = ${actor.org.id}`]
  if (f.open === 'true') all.push(sql`c.open`)
  if (f.open === 'false') all.push(sql`not c.open`)
  if (f.view === 'mine') all.push(mine(f.mine, actor))
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
  if (f.mode) all.push(sql`c.mode = ${f.mode}`)
  // Said as the partial indexes say it, or they are not used.
  if (f.mode && f.mode !== 'named') all.push(sql`c.mode <> 'named'`)
  if (f.restricted) all.push(f.restricted === 'true' ? sql`c.restricted` : sql`not c.restricted`)
  if (f.waitingFor) all.push(sql`c.waiting_for = ${f.waitingFor}`)
  if (f.receivedFrom) all.push(sql`c.received_at >= ${dayStart(f.receivedFrom, actor.zone)}`)
  if (f.receivedTo) all.push(sql`c.received_at < ${dayStart(f.receivedTo, actor.zone, 1)}`)
  if (f.outcome) all.push(sql`c.outcome_code = ${f.outcome}`)
  if (f.remedy) all.push(sql`c.remedy_code = ${f.remedy}`)
  if (f.importId)
    all.push(
      sql`c.id in (select i.complaint_id from import_item i where i.org_id = ${actor.org.id} and i.run_id = ${f.importId})`,
    )
  return all
}

/** Mine: what I own, and what I promised or was handed on what others own. As two parts, because each has an index of its own. */
function mine(part: Part['mine'], { org, staffId }: StaffActor): RawBuilder<unknown> {
  const me = sql`${staffId ?? null}::uuid`
  const owed = sql`c.id = any (array(select k.complaint_id from clock k where k.org_id = ${org.id} and k.owner_id = ${me} and k.ended_at is null))`
  if (part === 'owned') return sql`c.owner_id = ${me}`
  if (part === 'owed') return sql`c.owner_id is distinct from ${me} and ${owed}`
  return sql`(c.owner_id = ${me} or ${owed})`
}

/** The instant at which a day begins in a zone, some days later. */
function dayStart(day: string, zone: string, later = 0): RawBuilder<unknown> {
  return sql`((${day}::date + ${later}::int)::timestamp at time zone ${zone})`
}

type Order = { readonly sort: 'next' | 'received'; readonly cursor?: string | undefined; readonly limit: number }

/**
 * One page by keyset. The cursor holds the sort key and id of the last row; its values are only ever parameters. What has
 * ended waits for no clock: with such in it, a list is always newest first.
 */
export async function listComplaints(
  tx: Tx,
  actor: StaffActor,
  query: Filters & Order,
  now: number,
): Promise<{ items: RowReply[]; next: string | null }> {
  const byNext = query.sort === 'next' && query.open === 'true'
  const order = orderOf(byNext, query.limit + 1)
  const after = query.cursor ? [afterPlace(byNext, query.cursor)] : []
  const each = await eachOf(tx, actor.org.id, query)
  // The page comes from an index and is planned each time for its conditions; what it shows is joined by a prepared
  // statement, because planning all of it together took longer than running it.
  const parts = partsOf(query).map((part) => pageOf([...conditions(part, actor, now), ...after], order, each))
  const page = await tx.rows<PageRow>(merged(parts, order))
  const more = page.length > query.limit
  const shown = more ? page.slice(0, query.limit) : page
  const ids = shown.map((r) => r.id)
  const rows = new Map((await rowsFor(tx, actor, ids, now)).map((r) => [r.id, r]))
  const last = shown.at(-1)
  const key = last && (byNext ? (last.next_due_at === Infinity ? 'infinity' : last.next_due_at) : last.received_at)
  return {
    items: shown.flatMap((r) => rows.get(r.id) ?? []),
    next: more && last ? writeCursor([key ?? null, last.id]) : null,
  }
}

function afterPlace(byNext: boolean, cursor: string): RawBuilder<unknown> {
  const { at, id } = readPlace(cursor)
  return byNext
    ? sql`(c.next_due_at, c.id) > (${at}::timestamptz, ${id}::uuid)`
    : sql`(c.received_at, c.id) < (${at}::timestamptz, ${id}::uuid)`
}

type Sort = { readonly order: RawBuilder<unknown>; readonly limit: number }

function orderOf(byNext: boolean, limit: number): Sort {
  return { order: byNext ? sql`c.next_due_at, c.id` : sql`c.received_at desc, c.id desc`, limit }
}

/** Filters that indexes of what ended serve, and that are rare enough for a walk through all of it to hurt. */
const served = [
  'state',
  'teamId',
  'ownerId',
  'placeId',
  'productId',
  'severity',
  'channel',
  'mode',
  'restricted',
] as const
const servedToo = ['outcome', 'remedy', 'jurisdiction'] as const

/** Open and ended ones have indexes of their own: a list of both is read in two parts where a filter needs them. */
function partsOf(f: Filters): Part[] {
  const whose: Part[] =
    f.view === 'mine'
      ? [
          { ...f, mine: 'owned' },
          { ...f, mine: 'owed' },
        ]
      : [f]
  const needed = [...served, ...servedToo].some((name) => f[name] !== undefined)
  if (f.open !== 'any' || !needed || f.customerId || f.type) return whose
  return whose.flatMap((part) => [
    { ...part, open: 'true' as const },
    { ...part, open: 'false' as const },
  ])
}

/** What has several values, each with an index of its own: a type with those under it, the places of a jurisdiction. */
type Each = { readonly column: 'type_code' | 'place_id'; readonly values: readonly string[] }

async function eachOf(tx: Tx, org: string, f: Pick<Filters, 'type' | 'jurisdiction'>): Promise<Each[]> {
  const all: Each[] = []
  if (f.type) all.push({ column: 'type_code', values: await typesUnder(tx, org, f.type) })
  if (f.jurisdiction) all.push({ column: 'place_id', values: await placesIn(tx, org, f.jurisdiction) })
  return all
}

/** A type and those under it. */
async function typesUnder(tx: Tx, org: string, type: string): Promise<string[]> {
  const rows = await tx.rows<{ code: string }>(
    sql`select code from code where org_id = ${org} and list = 'issue' and parent = ${type}`,
    'types-under',
  )
  return [type, ...rows.map((r) => r.code)]
}

async function placesIn(tx: Tx, org: string, jurisdiction: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    sql`select id from place where org_id = ${org} and jurisdiction = ${jurisdiction}`,
    'places-in',
  )
  return rows.map((r) => r.id)
}

/** The first rows in order; of a column with several values the first of each by its own index, then the first of those. */
function pageOf(
  where: readonly RawBuilder<unknown>[],
  sort: Sort,
  [each, ...others]: readonly Each[],
): RawBuilder<PageRow> {
  const { order, limit } = sort
  const all = [...where, ...others.map(oneOf)]
  if (!each)
    return sql<PageRow>`select c.id, c.next_due_at, c.received_at from complaint c
      where ${sql.join(all, sql` and `)} and ${sql.raw(visibleSql('c'))} order by ${order} limit ${limit}`
  const x = sql`c.${sql.ref(each.column)} = x.value`
  return sql<PageRow>`select c.* from unnest(${typed(each)}) as x(value)
    cross join lateral (${pageOf([...all, x], sort, [])}) c order by ${order} limit ${limit}`
}

const typed = ({ column, values }: Each) =>
  column === 'place_id' ? sql`${[...values]}::uuid[]` : sql`${[...values]}::text[]`
const oneOf = (each: Each) => sql`c.${sql.ref(each.column)} = any (${typed(each)})`

function merged(parts: readonly RawBuilder<PageRow>[], { order, limit }: Sort): RawBuilder<PageRow> {
  const [only] = parts
  if (only && parts.length === 1) return only
  return sql<PageRow>`select c.* from (${sql.join(
    parts.map((part) => sql`(${part})`),
    sql` union all `,
  )}) c order by ${order} limit ${limit}`
}

/** How many a filter finds, and whether that is all of them: at most `most` are counted. */
export async function countMatching(
  tx: Tx,
  actor: StaffActor,
  filter: Filters,
  now: number,
  most?: number,
): Promise<{ count: number; exact: boolean }> {
  const each = await eachOf(tx, actor.org.id, filter)
  const where = [...conditions(filter, actor, now), ...each.map(oneOf), sql.raw(visibleSql('c'))]
  const limit = most === undefined ? sql`` : sql`limit ${most + 1}`
  const row = await tx.first<{ n: number }>(
    sql`select count(*)::int as n from (select 1 from complaint c where ${sql.join(where, sql` and `)} ${limit}) found`,
  )
  const count = row?.n ?? 0
  return most !== undefined && count > most ? { count: most, exact: false } : { count, exact: true }
}

type PageRow = { readonly id: string; readonly next_due_at: number; readonly received_at: number }

/** List rows of these complaints as this person reads them; without a visibility filter, which is the caller's. */
export async function rowsFor(tx: Tx, actor: StaffActor, ids: readonly string[], now: number): Promise<RowReply[]> {
  const rows = await rowsByIds(tx, actor.org.id, ids, now)
  return mayName(actor) ? rows : rows.map(nameless)
}

/** Whether this person may know who complains. */
export const mayName = (actor: Pick<StaffActor, 'permissions'>): boolean => actor.permissions.has('customer.read')

export const nameless = (row: RowReply): RowReply => ({ ...row, customerName: null })

/** List rows of these complaints with everything, for callers that filter each reader themselves. */
export async function rowsByIds(tx: Tx, org: string, ids: readonly string[], now: number): Promise<RowReply[]> {
  if (ids.length === 0) return []
  const rows = await tx.rows<ListRow>(
    sql`select ${columns} from complaint c ${joins} where c.org_id = ${org} and c.id = any (${[...ids]}::uuid[])`,
    'rows-by-ids',
  )
  return rows.map((r) => toRow(r, now))
}
