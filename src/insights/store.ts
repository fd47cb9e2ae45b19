import { sql } from 'kysely'
import { channels } from '../channels/index.ts'
import type { Dimension } from '../complaints/contract.ts'
import { columnOf, counted, figureConditions } from '../complaints/index.ts'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { visibleSql } from '../people/index.ts'
import type { Balance, Numbers } from './domain/index.ts'

export type Line = Numbers & Pick<Balance, 'opening' | 'reopened'> & { readonly key: string | null }
type Span = { readonly from: number; readonly to: number }

/**
 * How many complaints the reader sees of each value of a dimension, for each span, in one pass over those that can count: not
 * those that had ended before. Every complaint is counted under what it is today: its type, its owner.
 */
export async function countBy(
  tx: Tx,
  org: string,
  by: Dimension,
  spans: readonly Span[],
  now: number,
): Promise<Line[][]> {
  const all = spans.map((span) => figureConditions(org, span, now))
  const numbers = all.flatMap((is, i) =>
    counts.map((name) => sql`count(*) filter (where ${is[name]})::int as ${sql.ref(`${name}${i}`)}`),
  )
  const first = new Date(Math.min(...spans.map((s) => s.from)))
  const end = new Date(Math.max(...spans.map((s) => s.to)))
  // Three parts that share none, each by an index of its own. In the last: a date an authority asked for, which may run over
  // after the end, and an answer that another system gave after the end.
  const late = sql.join(
    all.flatMap((is) => [is.overdue, is.answered]),
    sql` or `,
  )
  const parts = [
    sql`c.open`,
    sql`not c.open and c.closed_at >= ${first}`,
    sql`not c.open and c.closed_at < ${first} and (${late})`,
  ].map(
    (
      part,
    ) => sql`select c.* from complaint c where c.org_id = ${org} and c.received_at < ${end} and ${counted} and ${part}
      and ${sql.raw(visibleSql('c'))}`,
  )
  const rows = await tx.rows<{ key: string | null; [count: string]: number | string | null }>(
    sql`select ${columnOf(by)} as key, ${sql.join(numbers)} from (${sql.join(parts, sql` union all `)}) c group by 1`,
  )
  return spans.map((_, i) =>
    rows.map((row) => {
      const of = (name: (typeof counts)[number]) => Number(row[`${name}${i}`])
      return {
        key: row.key,
        opening: of('opening'),
        received: of('received'),
        reopened: of('reopened'),
        answered: of('answered'),
        closed: of('closed'),
        open: of('open'),
        overdue: of('overdue'),
      }
    }),
  )
}

const counts = ['opening', 'received', 'reopened', 'answered', 'closed', 'open', 'overdue'] as const

/** Received in the period and merged since. */
export async function countMerged(tx: Tx, org: string, { from, to }: Span): Promise<number> {
  const row = await tx.first<{ n: number }>(sql`select count(*)::int as n from complaint c where c.org_id = ${org}
    and c.merged_into is not null and c.received_at >= ${new Date(from)} and c.received_at < ${new Date(to)} and ${sql.raw(visibleSql('c'))}`)
  return row?.n ?? 0
}

/** The names of a dimension's values in reading order, retired ones too; `parent` in a tree. */
export type Value = { readonly key: string; readonly parent: string | null; readonly label: Labels | null }

export async function valuesOf(tx: Tx, org: string, by: Dimension): Promise<Value[]> {
  if (by === 'channel') return channels.map(({ kind, labels }) => ({ key: kind, parent: null, label: labels }))
  if (by === 'severity') return severities.map((key) => ({ key, parent: null, label: null }))
  if (by === 'type')
    return tx.rows<Value>(
      sql`select code as key, parent, labels as label from code where org_id = ${org} and list = 'issue' order by position, code`,
    )
  if (by === 'owner')
    return tx.rows<Value>(sql`select id as key, null as parent,
      jsonb_build_object('zhHant', name, 'zhHans', name, 'en', name) as label from staff where org_id = ${org} order by name, id`)
  return tx.rows<Value>(
    sql`select id as key, null as parent, name as label from ${sql.ref(by)} where org_id = ${org} order by ${sql.ref(by === 'team' ? 'key' : 'code')}`,
  )
}

const severities = ['critical', 'high', 'medium', 'low'] as const

/** The zone in whose days the organisation counts. */
export async function zoneOf(tx: Tx, org: string): Promise<string> {
  const row = await tx.first<{ zone: string }>(sql`select zone from organisation where org_id = ${org}`)
  return row?.zone ?? 'UTC'
}
