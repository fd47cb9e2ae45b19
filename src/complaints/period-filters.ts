import { type RawBuilder, sql } from 'kysely'
import type { Dimension, FigureFilters, FigureName } from './contract.ts'

// One wording of what is counted of a period, used by lists (is this row one of them?) and by figures (how many are?), so
// that a number and its list cannot disagree. `c` is a row of complaint; instants in the half-open [from, to).

/** Events that end a complaint, those after which it is open again, and those that are an answer (the glossary's word). */
export const turning = {
  ends: ['closed', 'finalised', 'withdrawn', 'redirected'],
  opens: ['reopened', 'review_requested', 'went_outside'],
  answers: ['responded', 'finalised'],
} as const

// Constants, written as the partial indexes of 0015 say them, or those are not used.
const listed = (types: readonly string[]) => sql.raw(`(${types.map((t) => `'${t}'`).join(', ')})`)
const opens = listed(turning.opens)
const ends = listed(turning.ends)
const answers = listed(turning.answers)
const turnings = listed([...turning.ends, ...turning.opens])

type Condition = RawBuilder<unknown>
export type Span = { readonly from: number; readonly to: number }

const at = (ms: number): Condition => {
  if (Number.isFinite(ms)) return sql`${new Date(ms)}::timestamptz`
  return sql.raw(ms > 0 ? `'infinity'::timestamptz` : `'-infinity'::timestamptz`)
}

// Somebody wrote to what has ended: it is looked at, and has ended all the same until it is taken up again.
const live = sql.raw(`(c.open and c.state <> 'wrote_again')`)

/** A complaint that was merged is counted as the one it was merged into, and nowhere else. */
export const counted: Condition = sql.raw('c.merged_into is null')

/** Of the events that end a complaint and open it again: which do not count, whether there are any, and the last one before an instant. */
function turns(org: string) {
  // An answer that was taken back takes its own events along, and those that stood on it.
  const undone = (e: string) =>
    sql`(${sql.ref(`${e}.complaint_id`)}, ${sql.ref(`${e}.seq`)}) in (select x.complaint_id, q.seq::int from complaint_event x
      cross join lateral (select x.payload->'facts'->>'undoes' as seq
        union all select jsonb_array_elements_text(x.payload->'facts'->'alsoUndoes')) q
      where x.org_id = ${org} and x.type = 'reply_cancelled' and q.seq is not null)`
  const turned = sql`c.id in (select b.complaint_id from complaint_event b where b.org_id = ${org} and b.type in ${opens})`
  const last = (before: number, says: Condition) => sql`(select ${says} from complaint_event e
    where e.org_id = c.org_id and e.complaint_id = c.id and e.type in ${turnings} and e.at < ${at(before)} and not ${undone('e')}
    order by e.seq desc limit 1)`
  return { undone, turned, last }
}

/** When it ended, of a complaint that counts as closed in a span that ends at `to` (epoch ms). */
export function closedInstant(org: string, to: number): Condition {
  const { last } = turns(org)
  return sql`(case when not ${live} and c.closed_at < ${at(to)} then c.closed_at else ${last(to, sql`e.at`)} end)`
}

/**
 * The conditions of figures over a span, for complaints of this organisation that are not merged:
 *
 * - `received`: received_at within it.
 * - `answered`: an answer was sent within it (and not taken back), the one of stage 2 too. Each complaint once.
 * - `opening`, `open`: received before its beginning (its end) and not ended at that instant.
 * - `reopened`: received before it, ended at its beginning, and taken up again within it.
 * - `closed`: open at some time within it and not at its end; closed, final, withdrawn or redirected. One that was closed and
 *   reopened within it is not among them. So opening + received + reopened − closed = open, whatever happened.
 * - `overdue`: one of its clocks ran over within it, noticed yet or not at `now`; answered later or not.
 * - `replied`: the first reply to it went out within it.
 */
export function figureConditions(org: string, { from, to }: Span, now: number): Record<FigureName, Condition> {
  const { undone, turned, last } = turns(org)
  // Only one that was taken up again has a history to look into; for all others received_at and closed_at say it.
  const openAt = (t: number) => sql`(c.received_at < ${at(t)} and (${live} or c.closed_at >= ${at(t)})
    and (not ${turned} or coalesce(${last(t, sql`e.type in ${opens}`)}, true)))`
  const received = sql`(c.received_at >= ${at(from)} and c.received_at < ${at(to)})`
  return {
    received,
    answered: sql`(c.received_at < ${at(to)} and c.id in (select e.complaint_id from complaint_event e where e.org_id = ${org} and e.type in ${answers}
      and e.at >= ${at(from)} and e.at < ${at(to)} and not ${undone('e')}))`,
    opening: openAt(from),
    open: openAt(to),
    reopened: sql`(c.received_at < ${at(from)} and ${turned} and not ${openAt(from)} and exists (select from complaint_event e
      where e.org_id = c.org_id and e.complaint_id = c.id and e.type in ${opens}
        and e.at >= ${at(from)} and e.at < ${at(to)} and not ${undone('e')}))`,
    closed: sql`(case when not ${live} and c.closed_at < ${at(to)} then c.closed_at >= ${at(from)}
      else ${turned} and coalesce(${last(to, sql`e.type in ${ends} and e.at >= ${at(from)}`)}, false) end)`,
    overdue: sql`(c.received_at < ${at(to)} and c.id in (select k.complaint_id from clock k where k.org_id = ${org}
        and k.breached_at >= ${at(from)} and k.breached_at < ${at(to)}
      union all select k.complaint_id from clock k where k.org_id = ${org} and k.state = 'running'
        and k.due_at >= ${at(from)} and k.due_at < ${at(Math.min(to, now))}))`,
    replied: sql`(c.first_reply_at >= ${at(from)} and c.first_reply_at < ${at(to)})`,
  }
}

const columns: Record<Dimension, string> = {
  type: 'c.type_code',
  product: 'c.product_id',
  place: 'c.place_id',
  team: 'c.team_id',
  owner: 'c.owner_id',
  channel: 'c.channel',
  severity: 'c.severity',
}

/** The column of `complaint` that holds a dimension. */
export const columnOf = (dimension: Dimension): Condition => sql.raw(columns[dimension])

/** The conditions of a list that a figure opens; none without such a filter. A missing end is open. */
export function periodConditions(f: Partial<FigureFilters>, org: string, now: number): Condition[] {
  const all: Condition[] = []
  if (f.without) all.push(sql`${columnOf(f.without)} is null`)
  if (!f.figure) return all
  const span = { from: f.from ? Date.parse(f.from) : -Infinity, to: f.to ? Date.parse(f.to) : Infinity }
  all.push(counted, figureConditions(org, span, now)[f.figure])
  return all
}
