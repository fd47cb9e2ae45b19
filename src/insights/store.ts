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
 * How many complaints the reader sees of each value of a dimension, one pass over those received before the end. Every
 * complaint is counted under what it is today: its type, its owner.
 */
export function countBy(tx: Tx, org: string, by: Dimension, span: Span, now: number): Promise<Line[]> {
  const is = figureConditions(org, span, now)
  return tx.rows<Line>(sql`select ${columnOf(by)} as key,
      count(*) filter (where ${is.opening})::int as opening, count(*) filter (where ${is.received})::int as received,
      count(*) filter (where ${is.reopened})::int as reopened, count(*) filter (where ${is.answered})::int as answered,
      count(*) filter (where ${is.closed})::int as closed, count(*) filter (where ${is.open})::int as open,
      count(*) filter (where ${is.overdue})::int as overdue
    from complaint c where c.org_id = ${org} and c.received_at < ${new Date(span.to)} and ${counted} and ${sql.raw(visibleSql('c'))}
    group by 1`)
}

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
