import { sql } from 'kysely'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'

export type Directory = {
  staff: { id: string; name: string; roles: string[]; teamIds: string[] }[]
  teams: { id: string; name: Labels }[]
}

/** Who works here and in which team, for the menus that assign and mention; integrations and leavers are not in it. */
export async function readDirectory(tx: Tx, org: string): Promise<Directory> {
  const staff = await tx.rows(
    sql<{ id: string; name: string; roles: string[]; team_ids: string[] }>`
      select s.id, s.name,
        coalesce((select array_agg(r.role order by r.role) from staff_role r where r.org_id = ${org} and r.staff_id = s.id), '{}') as roles,
        coalesce((select array_agg(m.team_id) from team_member m where m.org_id = ${org} and m.staff_id = s.id), '{}') as team_ids
      from staff s where s.org_id = ${org} and s.active and s.user_id is not null order by s.name, s.id limit 5000`,
  )
  const teams = await tx.rows(
    sql<{
      id: string
      name: Labels
    }>`select id, name from team where org_id = ${org} and retired_at is null order by is_default desc, key limit 1000`,
  )
  return { staff: staff.map(({ team_ids, ...one }) => ({ ...one, teamIds: team_ids })), teams }
}
