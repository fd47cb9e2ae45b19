import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { type Permission, permissionsOf } from '../people/index.ts'

export type StaffFacts = {
  readonly id: string
  readonly name: string
  readonly teams: readonly string[]
  readonly chain: readonly string[]
  readonly roles: readonly string[]
}

/** Someone complaints may be given to: active, with the permission; their teams and everyone they report to. */
export async function staffFacts(tx: Tx, org: string, id: string, permission: string): Promise<StaffFacts> {
  const row = await tx.first<{ id: string; name: string; teams: string[]; chain: string[]; roles: string[] }>(sql`
    select s.id, s.name,
      coalesce((select array_agg(m.team_id::text) from team_member m where m.org_id = s.org_id and m.staff_id = s.id), '{}') as teams,
      coalesce((select array_agg(r.role) from staff_role r where r.org_id = s.org_id and r.staff_id = s.id), '{}') as roles,
      (with recursive up as (
         select s.id, s.manager_id, 0 as depth union all
         select b.id, b.manager_id, up.depth + 1 from staff b join up on b.org_id = ${org} and b.id = up.manager_id where up.depth < 20
       ) select array_agg(distinct up.id::text) from up) as chain
    from staff s where s.org_id = ${org} and s.id = ${id} and s.active`)
  const may = row && (permissionsOf(row.roles) as Set<string>).has(permission)
  if (!row || !may) throw new RefusalError({ code: 'complaints.owner-unknown', status: 422, facts: { staffId: id } })
  return row
}

/** Whether somebody's roles give this permission. */
export const mayHold = ({ roles }: Pick<StaffFacts, 'roles'>, permission: Permission): boolean =>
  permissionsOf(roles).has(permission)

/** Everyone this person reports to, the person first; empty for nobody. */
export async function chainOf(tx: Tx, org: string, id: string | null): Promise<string[]> {
  if (!id) return []
  const rows = await tx.rows<{ id: string }>(sql`with recursive up as (
      select id, manager_id, 0 as depth from staff where org_id = ${org} and id = ${id}
      union all select b.id, b.manager_id, up.depth + 1 from staff b join up on b.org_id = ${org} and b.id = up.manager_id where up.depth < 20
    ) select id from up`)
  return rows.map((r) => r.id)
}

/** All of these must be members of this organisation. */
export async function assertStaff(tx: Tx, org: string, ids: readonly string[]): Promise<void> {
  const unique = [...new Set(ids)]
  if (unique.length === 0) return
  const row = await tx.first<{ n: number }>(
    sql`select count(*) as n from staff where org_id = ${org} and id = any (${unique}::uuid[])`,
  )
  if (Number(row?.n) !== unique.length) throw new RefusalError({ code: 'complaints.owner-unknown', status: 422 })
}
