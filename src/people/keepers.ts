import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'

export type Keepers = {
  /** Who is named when nobody responsible is: leads of the team, else other leads and stage-2 reviewers, else compliance, else whoever handles complaints. */
  readonly named: readonly string[]
  /** Any one of these keeps a restricted complaint from being hidden. */
  readonly responsible: readonly string[]
}

/** Who is to see a restricted complaint whatever happens; never its subjects, nor who reports to one. */
export async function keepersOfTeam(
  tx: Tx,
  org: string,
  { teamId, subjects }: { teamId: string; subjects: readonly string[] },
): Promise<Keepers> {
  const rows = await tx.rows<{ id: string; rank: number }>(sql`with recursive under as (
      select id from staff where org_id = ${org} and id = any (${[...subjects]}::uuid[])
      union select b.id from staff b join under on b.org_id = ${org} and b.manager_id = under.id)
    select s.id, min(case when r.role = 'compliance_auditor' then 3 when r.role = 'team_lead' and m.team_id is not null then 1
        when r.role in ('team_lead', 'stage2_reviewer') then 2 else 4 end)::int as rank
    from staff s join staff_role r on r.org_id = s.org_id and r.staff_id = s.id and r.role in ('team_lead', 'stage2_reviewer', 'compliance_auditor', 'intake_operator', 'handler', 'specialist')
    left join team_member m on m.org_id = s.org_id and m.staff_id = s.id and m.team_id = ${teamId}
    where s.org_id = ${org} and s.active and s.id not in (select id from under) group by s.id order by rank limit 100`)
  const nearest = rows[0]?.rank
  const named = rows.filter((r) => r.rank === nearest).map((r) => r.id)
  const responsible = rows.filter((r) => r.rank === 1 || r.rank === 3).map((r) => r.id)
  return { named, responsible: [...new Set([...named, ...responsible])] }
}

/** Who sees a restricted complaint from outside, so that somebody does. */
export async function restrictedKeepers(
  tx: Tx,
  org: string,
  teamId: string,
  subjects: readonly string[] = [],
): Promise<string[]> {
  return [...(await keepersOfTeam(tx, org, { teamId, subjects })).named]
}
