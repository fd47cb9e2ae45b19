import { sql } from 'kysely'
import type { Calendars } from '../clocks/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { calendarsFor } from './doors.ts'
import { publishedAt } from './published.ts'
import { publishingOf } from './publishing.ts'

/** `news`: we tell them how it stands, where nothing better is promised. */
export type PublicClock = { kind: string; milestone: string | null; state: string; dueAt: number }

type Row = PublicClock & {
  startedAt: number
  /** Of a target counted round the clock, its minutes. */
  minutes: number | null
  calendarKey: string | null
  publishing: string | null
}

/**
 * Dates still to come or owed: one per kind, the nearest; of promises each that was made to them. Internal dates stay
 * inside, and so does what follows from a severity nobody has judged yet: a target of our own becomes a promise only once
 * it is meant. Until then it says when they hear from us at the latest, where nothing else does. An open complaint always
 * has a date.
 */
export async function publicClocks(tx: Tx, org: string, id: string, now: number): Promise<PublicClock[]> {
  const rows = await tx.rows<Row>(
    sql`select kind, milestone, state, "dueAt", "startedAt", minutes, "calendarKey", publishing from (
          select distinct on (said, k.milestone, one) said as kind, k.milestone, k.state, k.due_at as "dueAt", k.started_at as "startedAt",
              case when k.target->>'basis' = 'minutes' and k.target->>'calendar' = 'always' then (k.target->>'minutes')::int end as minutes,
              coalesce(p.calendar_key, t.calendar_key) as "calendarKey", o.settings->>'publicPromises' as publishing
          from complaint c join organisation o on o.org_id = c.org_id
            left join place p on p.org_id = c.org_id and p.id = c.place_id left join team t on t.org_id = c.org_id and t.id = c.team_id
            join clock k on k.org_id = c.org_id and k.complaint_id = c.id,
            lateral (select case when k.kind in ('promise', 'callback') then k.id end as one,
              case when k.kind in ('resolve', 'containment') and (c.impact is null or c.likelihood is null) then 'news' else k.kind end as said) x
          where c.org_id = ${org} and c.id = ${id} and k.due_at is not null and k.ended_at is null and k.state in ('running', 'paused', 'breached')
            and not (c.state = 'wrote_again' and k.started_at < c.closed_at)
            and k.kind in ('acknowledge', 'first_reply', 'next_update', 'resolve', 'containment', 'statutory', 'stage', 'follow_up', 'promise', 'callback')
            and (k.kind not in ('promise', 'callback') or k.cause->>'public' = 'true')
          order by said, k.milestone, one, k.due_at) nearest
        order by "dueAt"`,
  )
  const calendars = await openingHours(tx, org, rows, now)
  return onlyNews(rows).map(({ kind, milestone, state, dueAt, startedAt, minutes }) => ({
    kind,
    milestone,
    state,
    dueAt: minutes === null || !calendars ? dueAt : publishedAt(startedAt, dueAt, minutes, calendars),
  }))
}

/** What is only a date to hear from us is said where no better one is. */
function onlyNews(rows: readonly Row[]): readonly Row[] {
  const better = rows.filter((r) => r.kind !== 'news')
  return better.length > 0 ? better : rows.slice(0, 1)
}

/** The hours that count here; undefined where dates are published as they are. */
async function openingHours(tx: Tx, org: string, rows: readonly Row[], now: number): Promise<Calendars | undefined> {
  const [first] = rows
  return first && publishingOf(first.publishing) === 'working_hours' && rows.some((r) => r.minutes !== null)
    ? calendarsFor(tx, org, first.calendarKey, now)
    : undefined
}
