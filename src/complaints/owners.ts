import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { permissions, type StaffActor, visibleSql } from '../people/index.ts'

type Owner = { id: string; name: string; teamIds: string[]; open: number }

/** Everybody a complaint can be given to, with how many open ones this reader sees with them. */
export async function owners(tx: Tx, { org }: StaffActor): Promise<{ items: Owner[] }> {
  const roles = [...permissions['complaint.handle']]
  const items = await tx.rows<Owner>(
    sql`select s.id, s.name,
        coalesce((select jsonb_agg(m.team_id) from team_member m where m.org_id = s.org_id and m.staff_id = s.id), '[]') as "teamIds",
        coalesce(o.n, 0)::int as open
      from staff s
      left join (select c.owner_id, count(*) as n from complaint c
        where c.org_id = ${org.id} and c.open and c.owner_id is not null and ${sql.raw(visibleSql('c'))} group by c.owner_id) o on o.owner_id = s.id
      where s.org_id = ${org.id} and s.active
        and exists (select 1 from staff_role r where r.org_id = s.org_id and r.staff_id = s.id and r.role = any (${roles}::text[]))
      order by s.name, s.id`,
  )
  return { items }
}
