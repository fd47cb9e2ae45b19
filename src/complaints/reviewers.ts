import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { permissions } from '../people/index.ts'
import type { ComplaintState } from './domain/state.ts'

/** Who may do the review: reviewers who decided nothing here, and neither are its subject nor report to one. */
export function reviewersFor(tx: Tx, org: string, state: ComplaintState): Promise<{ id: string; name: string }[]> {
  return tx.rows(
    sql`with recursive under as (
        select id from staff where org_id = ${org} and id = any (${[...state.subjects]}::uuid[])
        union select b.id from staff b join under on b.org_id = ${org} and b.manager_id = under.id)
      select s.id, s.name from staff s where s.org_id = ${org} and s.active
        and exists (select from staff_role r where r.org_id = s.org_id and r.staff_id = s.id and r.role = any (${[...permissions['complaint.review']]}::text[]))
        and s.id <> all (${[...state.deciders]}::uuid[]) and s.id not in (select id from under) order by s.name, s.id`,
    'reviewers',
  )
}
