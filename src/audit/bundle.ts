import { type RawBuilder, sql } from 'kysely'
import type { EventActor, NewEvent } from '../complaints/domain/event.ts'
import type { Tx } from '../kit/db/database.ts'

export type EventRow = {
  readonly complaint_id: string
  readonly seq: number
  readonly type: string
  readonly v: number
  readonly at: number
  readonly actor: EventActor
  readonly payload: NewEvent['payload']
  readonly prev: Buffer
  readonly hash: Buffer
}
type Row = Readonly<Record<string, unknown>>
export type ComplaintRow = Row & {
  readonly id: string
  readonly number: string
  readonly version: number
  readonly head: Buffer
  readonly fold_version: number
}
export type ClockRow = Row & { readonly complaint_id: string; readonly id: string }
/** A row of words: its salted hash as the database counts it now. */
export type TextRow = {
  readonly complaint_id: string
  readonly id: string
  readonly hash: string
  readonly blank: boolean
}
export type PointRow = TextRow & { readonly no: number; readonly finding: string | null }
export type ListRow = { readonly complaint_id: string; readonly list: string; readonly key: string }
export type Found = { readonly complaint_id: string; readonly message_id: string | null }

/** Everything stored of one complaint. `row` is absent when other rows name a complaint that is not there. */
export type Bundle = {
  readonly id: string
  row?: ComplaintRow
  readonly events: EventRow[]
  readonly clocks: ClockRow[]
  readonly messages: TextRow[]
  readonly points: PointRow[]
  readonly lists: ListRow[]
  readonly attachments: { complaint_id: string; id: string; message_id: string | null }[]
  /** Undefined where search rows may not be read (the app role). */
  readonly found: Found[] | undefined
}

const lowest = '00000000-0000-0000-0000-000000000000'
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** The next complaints of `org` after `after` up to `upto`, at most `size`, with everything stored of them; one statement a table. */
export async function readBatch(
  tx: Tx,
  org: string,
  after: string = lowest,
  upto: string = highest,
  size = 250,
): Promise<{ bundles: Bundle[]; last: string | null }> {
  const rows = await tx.rows<ComplaintRow>(
    sql`select * from complaint where org_id = ${org} and id > ${after}::uuid and id <= ${upto}::uuid order by id limit ${size}`,
  )
  const last = rows.length === size ? (rows.at(-1)?.id ?? null) : null
  // The bounds reach beyond the known ids, so that rows of complaints that are gone turn up too.
  return { bundles: await readRest(tx, org, after, last ?? upto, rows, true), last }
}

/** One complaint; `search` only for roles that may read search rows. */
export async function readOne(tx: Tx, org: string, id: string, search: boolean): Promise<Bundle | undefined> {
  const rows = await tx.rows<ComplaintRow>(sql`select * from complaint where org_id = ${org} and id = ${id}`)
  if (rows.length === 0) return undefined
  return (await readRest(tx, org, undefined, id, rows, search))[0]
}

async function readRest(
  tx: Tx,
  org: string,
  after: string | undefined,
  upto: string,
  rows: readonly ComplaintRow[],
  search: boolean,
): Promise<Bundle[]> {
  const within =
    after === undefined
      ? sql`org_id = ${org} and complaint_id = ${upto}::uuid`
      : sql`org_id = ${org} and complaint_id > ${after}::uuid and complaint_id <= ${upto}::uuid`
  const events = await tx.rows<EventRow>(
    sql`select complaint_id, seq, type, v, (extract(epoch from at) * 1000)::float8 as at, actor, payload, prev, hash from complaint_event where ${within} order by complaint_id, seq`,
  )
  const clocks = await tx.rows<ClockRow>(sql`select * from clock where ${within}`)
  const messages = await tx.rows<TextRow>(
    sql`select complaint_id, id, encode(sha256(salt || convert_to(body, 'UTF8')), 'hex') as hash, body = '' as blank from message where ${within}`,
  )
  const points = await tx.rows<PointRow>(
    sql`select complaint_id, id, no, finding, encode(sha256(salt || convert_to(text, 'UTF8')), 'hex') as hash, text = '' as blank from point where ${within}`,
  )
  const lists = await tx.rows<ListRow>(listsWithin(within))
  const attachments = await tx.rows<Bundle['attachments'][number]>(
    sql`select complaint_id, id, message_id from attachment where ${within}`,
  )
  const found = search
    ? await tx.rows<Found>(sql`select distinct complaint_id, message_id from search_row where ${within}`)
    : undefined
  return gather(rows, { events, clocks, messages, points, lists, attachments, found })
}

function listsWithin(within: RawBuilder<unknown>): RawBuilder<ListRow> {
  return sql<ListRow>`select complaint_id, 'flags' as list, flag as key from complaint_flag where ${within}
    union all select complaint_id, 'access', staff_id::text from complaint_access where ${within}
    union all select complaint_id, 'subjects', staff_id::text from complaint_subject where ${within}
    union all select complaint_id, 'helpers', staff_id || ' ' || kind from complaint_helper where ${within}
    union all select complaint_id, 'links', other_id || ' ' || kind from complaint_link where ${within}`
}

type Parts = Omit<Bundle, 'id' | 'row'>

function gather(rows: readonly ComplaintRow[], parts: Parts): Bundle[] {
  const byId = new Map<string, Bundle>()
  const bundleOf = (id: string): Bundle => {
    const known = byId.get(id)
    if (known) return known
    const made: Bundle = {
      id,
      events: [],
      clocks: [],
      messages: [],
      points: [],
      lists: [],
      attachments: [],
      found: parts.found && [],
    }
    byId.set(id, made)
    return made
  }
  for (const row of rows) bundleOf(row.id).row = row
  for (const e of parts.events) bundleOf(e.complaint_id).events.push(e)
  for (const c of parts.clocks) bundleOf(c.complaint_id).clocks.push(c)
  for (const m of parts.messages) bundleOf(m.complaint_id).messages.push(m)
  for (const p of parts.points) bundleOf(p.complaint_id).points.push(p)
  for (const l of parts.lists) bundleOf(l.complaint_id).lists.push(l)
  for (const a of parts.attachments) bundleOf(a.complaint_id).attachments.push(a)
  for (const f of parts.found ?? []) bundleOf(f.complaint_id).found?.push(f)
  return [...byId.values()]
}
