import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { StaffMember } from './contract.ts'

type Row = {
  id: string
  user_id: string | null
  name: string
  mail: string
  locale: StaffMember['locale']
  zone: string
  manager_id: string | null
  active: boolean
  version: number
  created_at: number
  roles: string[]
  team_ids: string[]
  totp: boolean
}

/** A member of staff with the account that signs in. */
export type StoredStaff = StaffMember & { readonly userId: string | null }

/** People of the organisation by name; integrations are not people. With `id`, that one. */
export async function readStaff(tx: Tx, org: string, id?: string): Promise<StoredStaff[]> {
  const one = id === undefined ? sql`` : sql`and s.id = ${id}`
  const rows = await tx.rows(
    sql<Row>`
      select s.id, s.user_id, s.name, s.mail, s.locale, s.zone, s.manager_id, s.active, s.version, s.created_at, coalesce(a.totp, false) as totp,
        coalesce((select array_agg(r.role order by r.role) from staff_role r where r.org_id = ${org} and r.staff_id = s.id), '{}') as roles,
        coalesce((select array_agg(m.team_id order by m.team_id) from team_member m where m.org_id = ${org} and m.staff_id = s.id), '{}') as team_ids
      from staff s left join lateral auth.account(s.user_id) a on true
      where s.org_id = ${org} and s.user_id is not null ${one} order by s.name, s.id limit 5000`,
  )
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    name: row.name,
    mail: row.mail,
    locale: row.locale,
    zone: row.zone,
    roles: row.roles,
    teamIds: row.team_ids,
    managerId: row.manager_id,
    active: row.active,
    totpOn: row.totp,
    version: row.version,
    createdAt: new Date(row.created_at).toISOString(),
  }))
}

export async function replaceRoles(tx: Tx, org: string, staffId: string, roles: readonly string[]): Promise<void> {
  await tx.run(
    sql`delete from staff_role where org_id = ${org} and staff_id = ${staffId} and role <> all (${[...roles]}::text[])`,
  )
  await tx.run(
    sql`insert into staff_role (org_id, staff_id, role) select ${org}, ${staffId}, r from unnest(${[...roles]}::text[]) r on conflict do nothing`,
  )
}

export async function replaceTeams(tx: Tx, org: string, staffId: string, teamIds: readonly string[]): Promise<void> {
  await tx.run(
    sql`delete from team_member where org_id = ${org} and staff_id = ${staffId} and team_id <> all (${[...teamIds]}::uuid[])`,
  )
  await tx.run(
    sql`insert into team_member (org_id, staff_id, team_id) select ${org}, ${staffId}, t from unnest(${[...teamIds]}::uuid[]) t on conflict do nothing`,
  )
}

/** Whether all these teams are there and not retired. */
export async function teamsExist(tx: Tx, org: string, teamIds: readonly string[]): Promise<boolean> {
  if (teamIds.length === 0) return true
  const wanted = new Set(teamIds)
  const row = await tx.first(
    sql<{
      n: number
    }>`select count(*)::int as n from team where org_id = ${org} and id = any (${[...wanted]}::uuid[]) and retired_at is null`,
  )
  return row?.n === wanted.size
}

/** Whether `managerId` is a person here who does not report to `staffId`. */
export async function managerFits(
  tx: Tx,
  org: string,
  staffId: string,
  managerId: string,
): Promise<'yes' | 'missing' | 'circle'> {
  const chain = await tx.rows(
    sql<{ id: string }>`
      with recursive up as (
        select id, manager_id, 0 as depth from staff where org_id = ${org} and id = ${managerId} and user_id is not null
        union all
        select b.id, b.manager_id, up.depth + 1 from staff b join up on b.org_id = ${org} and b.id = up.manager_id where up.depth < 50
      ) select id from up`,
  )
  if (chain.length === 0) return 'missing'
  return chain.some((one) => one.id === staffId) ? 'circle' : 'yes'
}

/** Makes changes to who administers one at a time; held to the end of the transaction. */
export async function lockOrganisation(tx: Tx, org: string): Promise<void> {
  await tx.run(sql`select from organisation where org_id = ${org} for update`)
}

export async function administrators(tx: Tx, org: string): Promise<number> {
  const row = await tx.first(
    sql<{
      n: number
    }>`select count(*)::int as n from staff s join staff_role r on r.org_id = s.org_id and r.staff_id = s.id and r.role = 'administrator'
      where s.org_id = ${org} and s.active and s.user_id is not null`,
  )
  return row?.n ?? 0
}

/** What waits for somebody else once this person has left: open complaints, promises and hand-overs of theirs, teams they would leave empty. */
export async function leavingOf(
  tx: Tx,
  org: string,
  id: string,
): Promise<{ complaints: number; duties: number; emptyTeamIds: string[] }> {
  const row = await tx.first(
    sql<{ complaints: number; duties: number; empty: string[] }>`select
      (select count(*)::int from complaint c where c.org_id = ${org} and c.owner_id = ${id} and c.open) as complaints,
      (select count(*)::int from clock k where k.org_id = ${org} and k.owner_id = ${id} and k.ended_at is null) as duties,
      coalesce((select array_agg(m.team_id order by m.team_id) from team_member m join team t on t.org_id = m.org_id and t.id = m.team_id and t.retired_at is null
        where m.org_id = ${org} and m.staff_id = ${id} and not exists (
          select from team_member o join staff s on s.org_id = o.org_id and s.id = o.staff_id and s.active
          where o.org_id = ${org} and o.team_id = m.team_id and o.staff_id <> ${id})), '{}') as empty`,
  )
  return { complaints: row?.complaints ?? 0, duties: row?.duties ?? 0, emptyTeamIds: row?.empty ?? [] }
}
