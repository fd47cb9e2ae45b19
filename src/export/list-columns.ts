import { sql } from 'kysely'
import type { RowReply } from '../complaints/index.ts'
import type { Tx } from '../kit/db/database.ts'
import type { Names } from './names.ts'
import type { Words } from './words.ts'

/** A cell before it is written: text, or an instant. */
export type Value = string | { readonly at: number } | null

/** What a list row does not hold, and a table is read for. */
type More = {
  readonly id: string
  readonly order_no: string | null
  readonly outcome_code: string | null
  readonly remedy_code: string | null
  readonly closure_code: string | null
  readonly acknowledged_at: number | null
  readonly first_reply_at: number | null
  readonly responded_at: number | null
  readonly closed_at: number | null
  readonly flags: readonly string[]
}

/** Of complaints whose rows the reader was already given. */
export async function moreOf(tx: Tx, org: string, ids: readonly string[]): Promise<Map<string, More>> {
  const rows = await tx.rows<More>(
    sql`select c.id, c.order_no, c.outcome_code, c.remedy_code, c.closure_code, c.acknowledged_at, c.first_reply_at, c.responded_at, c.closed_at,
        coalesce((select array_agg(f.flag order by f.flag) from complaint_flag f where f.org_id = c.org_id and f.complaint_id = c.id), '{}') as flags
      from complaint c where c.org_id = ${org} and c.id = any (${[...ids]}::uuid[])`,
    'export-more',
  )
  return new Map(rows.map((r) => [r.id, r]))
}

type Given = { readonly row: RowReply; readonly more: More; readonly names: Names; readonly t: Words['t'] }
type Column = { readonly name: string; readonly width: number; readonly of: (given: Given) => Value }

const instant = (at: number | null) => (at === null ? null : { at })
const moment = (at: string | null) => (at === null ? null : { at: Date.parse(at) })
const yes = (is: boolean, t: Words['t']) => t(is ? 'common.yes' : 'common.no')

/** In the order of the file. A new one is a line here and a word in `export.columns`. */
export const columns: readonly Column[] = [
  { name: 'number', width: 16, of: ({ row }) => row.number },
  { name: 'title', width: 42, of: ({ row }) => row.title },
  { name: 'state', width: 12, of: ({ row, names }) => names.state(row.state) },
  { name: 'open', width: 8, of: ({ row, t }) => yes(row.open, t) },
  { name: 'type', width: 18, of: ({ row, names }) => names.code('issue', row.typeCode) },
  { name: 'severity', width: 14, of: ({ row, names }) => names.severityOf(row) },
  { name: 'flags', width: 16, of: ({ more, names, t }) => listed(more.flags, (f) => names.code('risk_flag', f), t) },
  {
    name: 'customer',
    width: 16,
    of: ({ row, t }) => row.customerName ?? (row.mode === 'named' ? '' : t(`mode.${row.mode}`)),
  },
  { name: 'owner', width: 14, of: ({ row }) => row.owner?.name ?? '' },
  { name: 'team', width: 18, of: ({ row, names }) => names.team(row.teamId) },
  { name: 'place', width: 16, of: ({ row, names }) => names.place(row.placeId) },
  { name: 'product', width: 18, of: ({ row, names }) => names.product(row.productId) },
  { name: 'channel', width: 14, of: ({ row, names }) => names.channel(row.channel) },
  { name: 'order', width: 16, of: ({ more }) => more.order_no },
  { name: 'received', width: 17, of: ({ row }) => moment(row.receivedAt) },
  { name: 'acknowledged', width: 17, of: ({ more }) => instant(more.acknowledged_at) },
  { name: 'first-reply', width: 17, of: ({ more }) => instant(more.first_reply_at) },
  { name: 'answered', width: 17, of: ({ more }) => instant(more.responded_at) },
  { name: 'closed', width: 17, of: ({ more }) => instant(more.closed_at) },
  { name: 'next', width: 16, of: ({ row, names }) => (row.open && row.nextClock ? names.clock(row.nextClock) : '') },
  { name: 'due', width: 17, of: ({ row }) => (row.open ? moment(row.nextDueAt) : null) },
  { name: 'overdue', width: 8, of: ({ row, t }) => yes(row.overdue, t) },
  { name: 'waiting', width: 14, of: ({ row, t }) => (row.waitingFor ? t(`waiting.${row.waitingFor}`) : '') },
  { name: 'outcome', width: 16, of: ({ more, names }) => names.code('outcome', more.outcome_code) },
  { name: 'remedy', width: 18, of: ({ more, names }) => names.code('remedy', more.remedy_code) },
  { name: 'closing', width: 18, of: ({ more, names }) => names.code('closure_reason', more.closure_code) },
  { name: 'restricted', width: 8, of: ({ row, t }) => yes(row.restricted, t) },
  { name: 'changed', width: 17, of: ({ row }) => moment(row.updatedAt) },
]

function listed(values: readonly string[], name: (value: string) => string, t: Words['t']): string {
  return values.map(name).join(t('common.comma'))
}

export const headOf = ({ t }: Words): string[] => columns.map(({ name }) => t(`export.columns.${name}`))

export const valuesOf = (given: Given): Value[] => columns.map(({ of }) => of(given))
