import { sql } from 'kysely'
import type { Database, Scope } from '../kit/db/database.ts'
import type { Wakes } from '../kit/stream/wake.ts'
import { visibleSql } from '../people/index.ts'
import { soonMs } from './queries.ts'

type Name = 'mine' | 'team' | 'unassigned' | 'review' | 'all' | 'overdue' | 'soon'
type Waiting = 'waitingCustomer' | 'waitingInternal' | 'waitingThirdParty'
type Numbers = Readonly<Record<Name | Waiting, number>>
export type Counts = Numbers & { readonly asOf: string }

type Kept = { readonly counts: Counts; readonly at: number; readonly until: number; dirty: boolean }

export type CountBook = {
  /** Open complaints per view for this reader: exact when counted, at most two seconds old when given. */
  of(scope: Scope, now: number): Promise<Counts>
  close(): void
}

/** Something changed, but this count is younger than that: it is still given. With the wake-up's way it stays under 2 s. */
const freshMs = 1_000
const mostKept = 2_000

/** Counts once per reader's scope when something in the organisation changed or a date was passed, whoever asks how often. */
export function openCounts(db: Database, wakes: Pick<Wakes, 'on'>): CountBook {
  const kept = new Map<string, Kept>()
  const counting = new Map<string, Promise<Kept>>()
  const stop = wakes.on((org) => {
    for (const [key, one] of kept) if (org === undefined || key.startsWith(org)) one.dirty = true
  })
  return {
    async of(scope, now) {
      const key = keyOf(scope)
      const known = kept.get(key)
      if (known && now >= known.at && now < known.until && (!known.dirty || now - known.at < freshMs))
        return known.counts
      const running = counting.get(key)
      if (running) return (await running).counts
      const fresh = count(db, scope, now)
      counting.set(key, fresh)
      try {
        const one = await fresh
        if (kept.size >= mostKept) kept.clear()
        kept.set(key, one)
        return one.counts
      } finally {
        counting.delete(key)
      }
    },
    close: stop,
  }
}

/** Readers who see the same have the same key. */
export function keyOf({ org, staff, teams = [], chain = [], scope }: Scope): string {
  return `${org}|${staff ?? ''}|${scope ?? ''}|${[...teams].sort().join()}|${[...chain].sort().join()}`
}

async function count(db: Database, scope: Scope, now: number): Promise<Kept> {
  const row = await db.withScope(
    scope,
    (tx) => tx.first<Numbers & { until: number | null }>(countSql(scope.org, now)),
    'read',
  )
  if (!row) throw new Error('a count without a row')
  const { until, ...numbers } = row
  return {
    counts: { ...numbers, asOf: new Date(now).toISOString() },
    at: now,
    until: until ?? now + 3_600_000,
    dirty: false,
  }
}

/** One pass over the open ones; `until` is when the next of them becomes soon or overdue by itself. */
function countSql(org: string, now: number) {
  const at = sql`${new Date(now)}::timestamptz`
  const soon = sql`${new Date(now + soonMs)}::timestamptz`
  const lead = sql`${`${soonMs} milliseconds`}::interval`
  return sql<
    Numbers & { until: number | null }
  >`select count(*) filter (where c.owner_id = app_staff() or c.id = any (owed.ids))::int as mine,
      count(*) filter (where c.team_id = any (app_teams()))::int as team,
      count(*) filter (where c.owner_id is null)::int as unassigned,
      count(*) filter (where c.state = 'review')::int as review,
      count(*)::int as "all",
      count(*) filter (where c.next_due_at < ${at})::int as overdue,
      count(*) filter (where c.next_due_at >= ${at} and c.next_due_at < ${soon})::int as soon,
      count(*) filter (where c.waiting_for = 'customer')::int as "waitingCustomer",
      count(*) filter (where c.waiting_for = 'internal')::int as "waitingInternal",
      count(*) filter (where c.waiting_for = 'third_party')::int as "waitingThirdParty",
      nullif(least(min(c.next_due_at) filter (where c.next_due_at >= ${at}),
        min(c.next_due_at) filter (where c.next_due_at >= ${soon} and c.next_due_at < 'infinity') - ${lead}), 'infinity') as until
    from complaint c cross join (select array(select k.complaint_id from clock k where k.org_id = ${org} and k.owner_id = app_staff() and k.ended_at is null) as ids) owed
    where c.org_id = ${org} and c.open and ${sql.raw(visibleSql('c'))}`
}
