import { sql } from 'kysely'
import type { PruneRule } from '../kit/jobs/prune.ts'

const month = 30 * 86_400_000

/** Words nobody touched for a month, and those of people who work here no more. */
export const draftRules: readonly PruneRule[] = [
  {
    name: 'draft',
    sql: (
      now,
    ) => sql`delete from draft where ctid = any (array(select d.ctid from organisation o join draft d on d.org_id = o.org_id
      where d.updated_at < ${new Date(now - month)} limit 5000))`,
  },
  {
    name: 'draft-of-former-staff',
    sql: () => sql`delete from draft where ctid = any (array(select d.ctid from draft d
      join staff s on s.org_id = d.org_id and s.id = d.staff_id where not s.active limit 5000))`,
  },
]
