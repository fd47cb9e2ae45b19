import type { Dimension } from '../complaints/contract.ts'
import type { ReplyInput } from '../kit/contract/endpoint.ts'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError, valueOf } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import type { StaffActor } from '../people/index.ts'
import type { readFigures } from './contract.ts'
import {
  type Asked,
  type Balance,
  type Counted,
  moved,
  type Numbers,
  nothing,
  type Period,
  periodBefore,
  type PeriodKind,
  periodOf,
  plus,
  rollUp,
  type Row,
} from './domain/index.ts'
import { countBy, countMerged, type Line, type Value, valuesOf, zoneOf } from './store.ts'

export type Figures = ReplyInput<typeof readFigures>
export type Question = {
  readonly by: Dimension
  readonly period: PeriodKind
  readonly on?: string | undefined
  readonly first?: string | undefined
  readonly last?: string | undefined
  readonly compare: 'before' | 'none'
}

/**
 * The figures of a period as this reader may count them: of the complaints they see, or of the whole organisation for whoever
 * holds `figures.whole` (restricted ones stay with those who are named on them). All of one moment. Refuses insights.bad-period
 * (400), and insights.owners-closed (403) by owner without `figures.owners`.
 */
export function figuresFor(
  app: Pick<Services, 'db'>,
  actor: StaffActor,
  question: Question,
  now: number,
): Promise<Figures> {
  const { reach, listed } = mayAsk(actor, question)
  return app.db.withScope(
    { ...actor.scope, scope: reach },
    async (tx) => ({ ...(await count(tx, actor.org.id, question, now)), reach, listed }),
    'read',
  )
}

/** Which complaints somebody may count, and whether their lists hold the same; refuses insights.owners-closed (403). */
export function mayAsk(actor: StaffActor, { by }: Pick<Question, 'by'>) {
  if (by === 'owner' && !actor.permissions.has('figures.owners'))
    throw new RefusalError({ code: 'insights.owners-closed', status: 403 })
  const own = actor.scope.scope ?? 'none'
  const reach = actor.permissions.has('figures.whole') ? 'organisation' : own
  return { reach, listed: reach === own && actor.permissions.has('complaint.read') } as const
}

async function count(tx: Tx, org: string, question: Question, now: number): Promise<Omit<Figures, 'reach' | 'listed'>> {
  const { by, period: kind, on, first, last } = question
  const period = valueOf(periodOf({ kind, on, first, last }, now, await zoneOf(tx, org)))
  const earlierOne = question.compare === 'before' ? periodBefore(period, now) : null
  const spans = earlierOne ? [period, earlierOne] : [period]
  const [[lines = [], linesBefore = null], values, merged] = await Promise.all([
    countBy(tx, org, by, spans, now),
    valuesOf(tx, org, by),
    countMerged(tx, org, period),
  ])
  const rows = rollUp(together(lines, linesBefore), new Map(values.map((v) => [v.key, v.parent])))
  return {
    by,
    period: saidPeriod(period),
    running: now < period.to,
    before: earlierOne && saidPeriod(earlierOne),
    earlier: step(moved(period, -1)),
    later: step(moved(period, 1)),
    rows: named(rows, values),
    total: { now: sumOf(lines), before: linesBefore && sumOf(linesBefore) },
    balance: balanceOf(lines),
    balanceBefore: linesBefore && balanceOf(linesBefore),
    merged,
    asOf: new Date(now).toISOString(),
  }
}

/** A period as replies have it. */
export const saidPeriod = ({ from, to, ...rest }: Period) => ({
  ...rest,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
})
const step = ({ on, first, last }: Asked) => (on === undefined ? { first, last } : { on })

const numbersOf = ({ received, answered, closed, open, overdue }: Line): Numbers => ({
  received,
  answered,
  closed,
  open,
  overdue,
})
const sumOf = (lines: readonly Line[]) => lines.map(numbersOf).reduce(plus, nothing)

function balanceOf(lines: readonly Line[]): Balance {
  const sum = (name: keyof Balance) => lines.reduce((all, line) => all + line[name], 0)
  return {
    opening: sum('opening'),
    received: sum('received'),
    reopened: sum('reopened'),
    closed: sum('closed'),
    open: sum('open'),
  }
}

/** Values of either period in one row; one where nothing happened in either is none. */
function together(lines: readonly Line[], before: readonly Line[] | null): Counted[] {
  const earlier = new Map(before?.map((line) => [line.key, numbersOf(line)]))
  const now = new Map(lines.map((line) => [line.key, numbersOf(line)]))
  const some = (n: Numbers | undefined) => n !== undefined && Object.values(n).some((x) => x > 0)
  return [...new Set([...now.keys(), ...earlier.keys()])]
    .filter((key) => some(now.get(key)) || some(earlier.get(key)))
    .map((key) => ({ key, now: now.get(key) ?? nothing, before: before && (earlier.get(key) ?? nothing) }))
}

/** With names, in the order of the values; what has no value last. */
function named(rows: readonly Row[], values: readonly Value[]): Figures['rows'] {
  const place = new Map(values.map((value, i) => [value.key, i]))
  const at = ({ key }: Row) => (key === null ? Infinity : (place.get(key) ?? values.length))
  return rows
    .toSorted((a, b) => at(a) - at(b))
    .map((row) => ({ ...row, label: (row.key !== null && values[place.get(row.key) ?? -1]?.label) || null }))
}
