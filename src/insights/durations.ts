import { type RawBuilder, sql } from 'kysely'
import { closedInstant, columnOf, counted, figureConditions } from '../complaints/index.ts'
import { spoils } from '../import/domain/index.ts'
import type { ReplyInput } from '../kit/contract/endpoint.ts'
import type { Tx } from '../kit/db/database.ts'
import { valueOf } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { type StaffActor, visibleSql } from '../people/index.ts'
import type { readDurations } from './contract.ts'
import { lineage, type Period, periodBefore, periodOf } from './domain/index.ts'
import { mayAsk, type Question, saidPeriod } from './figures.ts'
import { type Value, valuesOf, zoneOf } from './store.ts'

export type Durations = ReplyInput<typeof readDurations>
type Times = Durations['total']['now']['close']
type Pair = Durations['total']['now']
const nothing: Times = { count: 0, leftOut: 0, median: null, p90: null }
const whats = ['close', 'reply'] as const

/**
 * How long it took, in ms of plain time: to close what counts as closed in the period, and to the first reply of what was first
 * replied to in it. Median and p90 by linear interpolation (PERCENTILE.INC of spreadsheets). Left out, and counted as such: of what
 * was imported with instants that contradict each other the time they spoil, and whatever would be negative. Who may ask, and of
 * what, is as for figures.
 */
export function durationsFor(
  app: Pick<Services, 'db'>,
  actor: StaffActor,
  question: Question,
  now: number,
): Promise<Durations> {
  const { reach, listed } = mayAsk(actor, question)
  return app.db.withScope(
    { ...actor.scope, scope: reach },
    async (tx) => ({ ...(await measured(tx, actor.org.id, question, now)), listed }),
    'read',
  )
}

async function measured(tx: Tx, org: string, question: Question, now: number): Promise<Omit<Durations, 'listed'>> {
  const { by, period: kind, on, first, last, compare } = question
  const period = valueOf(periodOf({ kind, on, first, last }, now, await zoneOf(tx, org)))
  const before = compare === 'before' ? periodBefore(period, now) : null
  const values = await valuesOf(tx, org, by)
  const parents = new Map(values.map((v) => [v.key, v.parent]))
  const lines = await read(tx, org, question, before ? [period, before] : [period], parents, now)
  const row = (is: (line: Line) => boolean) => {
    const own = lines.filter(is)
    const of = (span: number): Pair => {
      const one = (what: string) => timesOf(own.find((l) => l.span === span && l.what === what))
      return { close: one('close'), reply: one('reply') }
    }
    return { now: of(0), before: before && of(1) }
  }
  const keys = [...new Set(lines.filter((l) => !l.total).map((l) => l.key))]
  return {
    by,
    period: saidPeriod(period),
    before: before && saidPeriod(before),
    rows: keys
      .map((key) => ({ ...placed(key, values, parents), ...row((l) => !l.total && l.key === key) }))
      .toSorted((a, b) => placeOf(a.key, values) - placeOf(b.key, values)),
    total: row((l) => l.total),
  }
}

const placeOf = (key: string | null, values: readonly Value[]) => {
  const at = values.findIndex((v) => v.key === key)
  return key === null ? Infinity : at < 0 ? values.length : at
}

function placed(key: string | null, values: readonly Value[], parents: ReadonlyMap<string, string | null>) {
  const above = key === null ? [] : lineage(key, parents).slice(1)
  return { key, parent: above[0] ?? null, depth: above.length, label: values.find((v) => v.key === key)?.label ?? null }
}

type Line = {
  readonly total: boolean
  readonly key: string | null
  readonly span: number
  readonly what: string
  readonly n: number
  readonly left_out: number
  readonly at: readonly number[] | null
}
const timesOf = (line: Line | undefined): Times =>
  line
    ? {
        count: line.n,
        leftOut: line.left_out,
        median: line.at ? Math.round(line.at[0] ?? 0) : null,
        p90: line.at ? Math.round(line.at[1] ?? 0) : null,
      }
    : nothing

/** Each complaint with its time once for each thing measured, then summed up by value and all those above it, and in total. */
function read(
  tx: Tx,
  org: string,
  { by }: Question,
  spans: readonly Period[],
  parents: ReadonlyMap<string, string | null>,
  now: number,
): Promise<Line[]> {
  const each = sql.join(
    spans.flatMap((span, i) => whats.map((what) => timed(org, by, span, i, what, now))),
    sql` union all `,
  )
  const above = [...parents.keys()].flatMap((key) => lineage(key, parents).map((up) => [key, up] as const))
  const pairs = sql`unnest(${above.map(([key]) => key)}::text[], ${above.map(([, up]) => up)}::text[]) as a(key, up)`
  const summed = (from: RawBuilder<unknown>, key: RawBuilder<unknown>, total: boolean) => sql`
    select ${total}::boolean as total, ${key} as key, d.span, d.what, count(*) filter (where not d.flawed)::int as n,
      count(*) filter (where d.flawed)::int as left_out,
      percentile_cont(array[0.5, 0.9]) within group (order by d.ms) filter (where not d.flawed) as at
    from ${from} group by 2, 3, 4`
  return tx.rows<Line>(sql<Line>`with d as materialized (
      select x.key, x.span, x.what, x.ms, (x.ms < 0 or coalesce(i.flaw = any (case x.what when 'close' then ${spoils.close}::text[] else ${spoils.reply}::text[] end), false)) as flawed
      from (${each}) x left join import_item i on i.org_id = ${org} and i.complaint_id = x.id)
    ${summed(sql`d left join ${pairs} on a.key = d.key`, sql`coalesce(a.up, d.key)`, false)}
    union all ${summed(sql`d`, sql`null::text`, true)}`)
}

/** One complaint a row: its value, and how long it took. In parts that have an index each, as counting has (store.ts). */
function timed(
  org: string,
  by: Question['by'],
  span: Period,
  no: number,
  what: (typeof whats)[number],
  now: number,
): RawBuilder<unknown> {
  const is = figureConditions(org, span, now)
  const moment = what === 'close' ? closedInstant(org, span.to) : sql`c.first_reply_at`
  const from = new Date(span.from)
  const parts = [sql`c.open`, sql`not c.open and c.closed_at >= ${from}`]
  // Replied to after its end: seldom, and an index of its own (0028).
  if (what === 'reply')
    parts.push(
      sql`c.first_reply_at > c.closed_at and c.first_reply_at >= ${from} and not c.open and c.closed_at < ${from}`,
    )
  return sql.join(
    parts.map(
      (part) => sql`select c.id, ${columnOf(by)}::text as key, ${no}::int as span, ${what}::text as what,
          extract(epoch from ${moment} - c.received_at)::float8 * 1000 as ms
        from complaint c where c.org_id = ${org} and c.received_at < ${new Date(span.to)} and ${counted} and ${part}
          and ${what === 'close' ? is.closed : is.replied} and ${sql.raw(visibleSql('c'))}`,
    ),
    sql` union all `,
  )
}
