import { sql } from 'kysely'
import type { PruneRule } from '../kit/jobs/prune.ts'

const day = 86_400_000
/** News read a month ago, or three months old, is none; nobody reads further back than so many. */
const readMs = 30 * day
const oldMs = 90 * day
const mostEach = 1_000

export const noticeRules: readonly PruneRule[] = [
  {
    name: 'notice',
    sql: (
      now,
    ) => sql`delete from notice where ctid = any (array(select n.ctid from organisation o join notice n on n.org_id = o.org_id
      where n.at < ${new Date(now - readMs)} and (n.read_at is not null or n.at < ${new Date(now - oldMs)}) limit 5000))`,
  },
  {
    name: 'notice-too-many',
    sql: () => sql`delete from notice where ctid = any (array(select n.ctid from staff s cross join lateral (
        select x.ctid from notice x where x.org_id = s.org_id and x.staff_id = s.id order by x.at desc offset ${mostEach}) n limit 5000))`,
  },
]
