import { type RawBuilder, sql } from 'kysely'

/** A value of a row on its way into the database. Instants are epoch ms, JSON is an object; `text` stands as it is. */
export type Value = string | number | boolean | Buffer | null | object

/** Rows of one table, gathered and then written by one statement: unnest of arrays, so that row-level security holds as ever. */
export type Rows = { readonly table: string; readonly columns: readonly Column[]; readonly rows: (readonly Value[])[] }
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

/** The statement that writes rows into one of these tables. */
export function rowsInto(
  table: keyof typeof tables | 'search_row',
  rows: readonly (readonly Value[])[],
): RawBuilder<unknown> {
  const columns: readonly Column[] = table === 'search_row' ? searchColumns : tables[table]
  const arrays = columns.map(([, type], i) => sql`${arrayOf(rows, i)}::${sql.raw(type)}[]`)
  const conflict = table === 'identity_key' ? sql` on conflict do nothing` : sql``
  return sql`insert into ${sql.table(table)} (${sql.join(columns.map(([name]) => sql.ref(name)))})
    select * from unnest(${sql.join(arrays)})${conflict}`
}

/** One column as the text of a PostgreSQL array. */
function arrayOf(rows: readonly (readonly Value[])[], column: number): string {
  let text = '{'
  for (let i = 0; i < rows.length; i += 1) text += (i === 0 ? '' : ',') + element(rows[i]?.[column] ?? null)
  return `${text}}`
}

const special = /["\\]/
function element(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return quotedText(value)
  if (typeof value === 'object')
    return Buffer.isBuffer(value) ? `"\\\\x${value.toString('hex')}"` : quotedText(JSON.stringify(value))
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return String(value)
}
const quotedText = (text: string) => (special.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`)
