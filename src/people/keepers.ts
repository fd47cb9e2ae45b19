import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'

export type Keepers = {
  /** Who is named when nobody responsible is. */
  readonly named: readonly string[]
  /** Any one of these keeps a restricted complaint from being hidden. */
  readonly responsible: readonly string[]
}

export type Keeping = {
  readonly teamId: string
  readonly subjects: readonly string[]
  /** It is about somebody who works here and nobody said who: it may be about the team's own lead. */
  readonly unnamed?: boolean
}

type Candidate = { readonly id: string; readonly roles: readonly string[]; readonly member: boolean }

/** Who is to see a restricted complaint whatever happens; never its subjects, nor who reports to one. */
export async function keepersOfTeam(
  tx: Tx,
  org: string,
  { teamId, subjects, unnamed = false }: Keeping,
): Promise<Keepers> {
  const rows = await tx.rows<Candidate>(sql`with recursive under as (
      select id from staff where org_id = ${org} and id = any (${[...subjects]}::uuid[])
      union select b.id from staff b join under on b.org_id = ${org} and b.manager_id = under.id)
    select s.id, array_agg(distinct r.role) as roles, bool_or(m.team_id is not null) as member
    from staff s join staff_role r on r.org_id = s.org_id and r.staff_id = s.id and r.role in ('team_lead', 'stage2_reviewer', 'compliance_auditor', 'intake_operator', 'handler', 'specialist')
    left join team_member m on m.org_id = s.org_id and m.staff_id = s.id and m.team_id = ${teamId}
    where s.org_id = ${org} and s.active and s.id not in (select id from under) group by s.id order by s.id`)
  return keepersAmong(rows, unnamed)
}

/**
 * Leads of the team, else other leads and stage-2 reviewers, else compliance, else whoever handles complaints. While it is not said
 * whom it is about, first those outside the team: reviewers (or other leads) act on it, compliance sees that they do (domain.md §0.11).
 */
export function keepersAmong(all: readonly Candidate[], unnamed: boolean): Keepers {
  const has = (c: Candidate, role: string) => c.roles.includes(role)
  const auditors = all.filter((c) => has(c, 'compliance_auditor'))
  const leads = all.filter((c) => c.member && has(c, 'team_lead'))
  const seniors = all.filter((c) => has(c, 'stage2_reviewer') || has(c, 'team_lead'))
  const apart = seniors.filter((c) => !c.member)
  const reviewers = apart.filter((c) => has(c, 'stage2_reviewer'))
  const beside = seniors.filter((c) => !leads.includes(c))
  const orders = unnamed ? [reviewers, apart, beside, leads, auditors, all] : [leads, seniors, auditors, all]
  const nearest = orders.find((some) => some.length > 0) ?? []
  const named = unnamed && nearest !== all ? [...nearest, ...auditors] : nearest
  const idsOf = (some: readonly Candidate[]) => [...new Set(some.map((c) => c.id))]
  return { named: idsOf(named), responsible: idsOf([...named, ...leads, ...auditors]) }
}

/** Who sees a restricted complaint from outside, so that somebody does. */
export async function restrictedKeepers(
  tx: Tx,
  org: string,
  teamId: string,
  subjects: readonly string[] = [],
  unnamed = false,
): Promise<string[]> {
  return [...(await keepersOfTeam(tx, org, { teamId, subjects, unnamed: unnamed && subjects.length === 0 })).named]
}
