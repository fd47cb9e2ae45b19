import { type RawBuilder, sql } from 'kysely'

/** A value of a row on its way into the database. Instants are ISO text, JSON is an object or its text. */
export type Value = string | number | boolean | Buffer | null | object

type Column = readonly [name: string, type: string]

const json = 'jsonb'
const when = 'timestamptz'
const own: readonly Column[] = [
  ['org_id', 'uuid'],
  ['complaint_id', 'uuid'],
]
const line = (text: string): Column[] =>
  text.split(' ').map((each) => {
    const [name = '', type = 'text'] = each.split(':')
    return [name, type]
  })

/** Every table a complaint is brought into, in the order its foreign keys ask for. */
export const tables = {
  customer: line('org_id:uuid id:uuid name locale keyed:bool created_at:timestamptz'),
  customer_identity: line('org_id:uuid id:uuid customer_id:uuid kind value norm created_at:timestamptz'),
  identity_key: line('org_id:uuid key customer_id:uuid'),
  inbound_item: line(
    'org_id:uuid id:uuid complaint_id:uuid channel external_id received_at:timestamptz logged_at:timestamptz raw:bytea sha256:bytea state',
  ),
  complaint: line(
    `org_id:uuid id:uuid version:int head:bytea updated_at:timestamptz order_no public_ref secret_hash:bytea number fold_version:int
state open:bool workflow:jsonb channel mode confidentiality restricted:bool customer_id:uuid owner_id:uuid team_id:uuid type_code
product_id:uuid place_id:uuid severity outcome_code closure_code received_at:timestamptz logged_at:timestamptz
acknowledged_at:timestamptz first_reply_at:timestamptz decided_at:timestamptz responded_at:timestamptz closed_at:timestamptz
next_due_at:timestamptz next_clock locale`.replaceAll('\n', ' '),
  ),
  complaint_text: [...own, ...line('title salt:bytea')],
  complaint_event: [
    ...own,
    ['seq', 'int'],
    ['type', 'text'],
    ['v', 'int'],
    ['at', when],
    ['actor', json],
    ['payload', json],
    ['prev', 'bytea'],
    ['hash', 'bytea'],
  ],
  point: [...own, ...line('id:uuid no:int text salt:bytea')],
  message: [...own, ...line('id:uuid direction channel visibility author_name body salt:bytea at:timestamptz')],
  attachment: line(
    'org_id:uuid id:uuid complaint_id:uuid message_id:uuid uploader name media_type size:bigint sha256:bytea visibility created_at:timestamptz',
  ),
  clock: line(
    `org_id:uuid id:uuid complaint_id:uuid kind milestone cycle:int state target:jsonb started_at:timestamptz due_at:timestamptz
internal_due_at:timestamptz ended_at:timestamptz breached_at:timestamptz cause:jsonb policy:jsonb calendar:jsonb provisional:bool
pausable:bool`.replaceAll('\n', ' '),
  ),
  text_band: line('org_id:uuid band:bigint complaint_id:uuid at:timestamptz'),
  import_item: [...own, ...line('run_id:uuid no:int source_id flaw')],
  import_bad: line('org_id:uuid run_id:uuid no:int row:jsonb problems:jsonb'),
} as const satisfies Record<string, readonly Column[]>

/** Of what it is found by: written once it is in (findable.ts). */
const searchColumns = line(
  'org_id:uuid id:uuid complaint_id:uuid message_id:uuid part:int visibility at:timestamptz tsv:tsvector',
)

export type Sheet = { readonly [T in keyof typeof tables]: (readonly Value[])[] }

export const emptySheet = (): Sheet =>
  Object.fromEntries(Object.keys(tables).map((table) => [table, []])) as unknown as Sheet

/** The statements that write a sheet, in the order of the tables; none for a table without rows. */
export function inserting(sheet: Sheet): RawBuilder<unknown>[] {
  return (Object.entries(sheet) as [keyof Sheet, (readonly Value[])[]][])
    .filter(([, rows]) => rows.length > 0)
    .map(([table, rows]) => rowsInto(table, rows))
}

/**
 * The statement that writes rows into one of these tables: a parameter a column, of values set apart by a character that stands in
 * none of them, which neither side has to quote; a column that says the same everywhere is one value.
 */
export function rowsInto(
  table: keyof typeof tables | 'search_row',
  rows: readonly (readonly Value[])[],
): RawBuilder<unknown> {
  const columns: readonly Column[] = table === 'search_row' ? searchColumns : tables[table]
  const lists: RawBuilder<unknown>[] = []
  const aliases: RawBuilder<unknown>[] = []
  const picked = columns.map(([name, type], i) => {
    const of = sql.raw(type)
    const same = sameIn(rows, i)
    if (same !== undefined) return sql`${same === null ? null : textOf(same)}::${of}`
    const alias = sql.ref(`x.${name}`)
    aliases.push(sql.ref(name))
    const joined = joinedIn(rows, i)
    if (joined === undefined) lists.push(sql`${rows.map((row) => nullOr(row[i]))}::text[]`)
    else lists.push(sql`string_to_array(${joined}, E'\x1f', E'\x1e')`)
    return sql`${alias}::${of}`
  })
  if (lists.length === 0) [aliases[0], lists[0]] = [sql.ref('n'), sql`array_fill(0, array[${rows.length}::int])`]
  const conflict = table === 'identity_key' ? sql` on conflict do nothing` : sql``
  return sql`insert into ${sql.table(table)} (${sql.join(columns.map(([name]) => sql.ref(name)))})
    select ${sql.join(picked)} from unnest(${sql.join(lists)}) as x(${sql.join(aliases)})${conflict}`
}

/** What all rows have in a column; undefined where they differ. */
function sameIn(rows: readonly (readonly Value[])[], column: number): Value | undefined {
  const first = rows[0]?.[column] ?? null
  for (let i = 1; i < rows.length; i += 1) if ((rows[i]?.[column] ?? null) !== first) return undefined
  return first
}

const apart = '\u001f'
const nothing = '\u001e'
// oxlint-disable-next-line no-control-regex -- these two part values
const parting = /[\u001e\u001f]/

/** One column as text; undefined where a value itself has what would part them. */
function joinedIn(rows: readonly (readonly Value[])[], column: number): string | undefined {
  let joined = ''
  for (let i = 0; i < rows.length; i += 1) {
    if (i > 0) joined += apart
    const value = rows[i]?.[column] ?? null
    if (value === null) joined += nothing
    else if (typeof value === 'string') {
      if (parting.test(value)) return undefined
      joined += value
    } else joined += textOf(value)
  }
  // The text of one empty value is that of none at all.
  return joined === '' ? undefined : joined
}

const nullOr = (value: Value | undefined) => (value === null || value === undefined ? null : textOf(value))
function textOf(value: Exclude<Value, null>): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : JSON.stringify(value)
}
