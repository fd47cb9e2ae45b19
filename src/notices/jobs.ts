import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'

type NoticeApp = Pick<Services, 'now' | 'wake'> & { readonly systemDb: Database }

/** A call-back is news shortly before its minute; any other date in the last quarter of its time, two hours at most. */
const callbackMs = 10 * 60_000
const soonMs = 2 * 3_600_000

/**
 * Tells whoever answers for a date that it is near: once a date, however often this runs. A date that was moved is another.
 * Gives how many were told.
 */
export async function noteDueSoon({ systemDb, now, wake }: NoticeApp): Promise<number> {
  const at = new Date(now())
  const ms = (n: number) => sql`${`${n} milliseconds`}::interval`
  const promised = sql`k.kind in ('promise', 'callback')`
  const told = await systemDb.withoutScope((tx) =>
    tx.rows<{ org: string; n: number }>(
      sql`with due as (
          select k.org_id, coalesce(k.owner_id, c.owner_id) as staff_id, c.id as complaint_id, c.version,
            jsonb_build_object('teamId', c.team_id, 'ownerId', c.owner_id, 'restricted', c.restricted,
              'access', array(select a.staff_id from complaint_access a where a.org_id = c.org_id and a.complaint_id = c.id),
              'helpers', array(select h.staff_id from complaint_helper h where h.org_id = c.org_id and h.complaint_id = c.id),
              'subjects', array(select u.staff_id from complaint_subject u where u.org_id = c.org_id and u.complaint_id = c.id)) as audience,
            case when ${promised} then 'promise_due' else 'due_soon' end as kind, k.id || ':' || extract(epoch from k.due_at)::bigint as ref
          from organisation o join clock k on k.org_id = o.org_id and k.state = 'running' and k.due_at >= ${at} and k.due_at < ${at}::timestamptz + ${ms(soonMs)}
          join complaint c on c.org_id = k.org_id and c.id = k.complaint_id and c.open
          join staff s on s.org_id = k.org_id and s.id = coalesce(k.owner_id, c.owner_id) and s.active
          where k.due_at - ${at}::timestamptz <= case when ${promised} then ${ms(callbackMs)} else (k.due_at - k.started_at) / 4 end
        ), told as (
          insert into notice (org_id, staff_id, complaint_id, kind, ref, at)
          select org_id, staff_id, complaint_id, kind, ref, ${at}::timestamptz from due on conflict do nothing returning org_id, staff_id, complaint_id
        ), streamed as (
          insert into stream (org_id, at, complaint_id, version, type, audience, noticed)
          select d.org_id, ${at}::timestamptz, d.complaint_id, d.version, 'due_soon', d.audience, array_agg(distinct t.staff_id)
          from told t join (select distinct org_id, complaint_id, version, audience from due) d on d.org_id = t.org_id and d.complaint_id = t.complaint_id
          group by d.org_id, d.complaint_id, d.version, d.audience
        ) select org_id as org, count(*)::int as n from told group by org_id`,
    ),
  )
  for (const { org } of told) wake(org)
  return told.reduce((sum, { n }) => sum + n, 0)
}
