import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { type Permission, rolesWith } from '../people/index.ts'
import type { Notice } from './domain/index.ts'

/** A team where nobody may asks those of the whole organisation, and no more of them than this. */
const mostAsked = 20
const mayBe: Readonly<Record<Extract<Notice['to'], string>, Permission>> = {
  approvers: 'complaint.approve',
  team: 'complaint.append',
}

/** News with the person it is for. */
export type Addressed = Omit<Notice, 'to'> & { readonly staffId: string }

/** Whom it is for, by name. Where there is no news, or it says itself whom for, nothing is asked. */
export async function addressed(
  tx: Tx,
  org: string,
  teamId: string,
  notices: readonly Notice[],
): Promise<readonly Addressed[]> {
  const all: Addressed[] = []
  for (const { to, ...news } of notices) {
    const staff = typeof to === 'string' ? await holdersOf(tx, org, teamId, mayBe[to]) : [to.staffId]
    all.push(...staff.filter((id) => id !== news.by).map((staffId) => ({ staffId, ...news })))
  }
  return all
}

type At = { readonly org: string; readonly complaintId: string; readonly at: number }

/** Writes news in the transaction of what it tells of. */
export function saveNotices(tx: Tx, { org, complaintId, at }: At, news: readonly Addressed[]): void {
  if (news.length === 0) return
  tx.send(
    sql`insert into notice (org_id, staff_id, complaint_id, kind, ref, at, by_staff)
      select ${org}::uuid, n."staffId", ${complaintId}::uuid, n.kind, n.ref, ${new Date(at)}::timestamptz, n.by
      from jsonb_to_recordset(${JSON.stringify(news)}::jsonb) as n("staffId" uuid, kind text, ref text, by uuid) on conflict do nothing`,
  )
}

/** What came before is no news any more, to anybody of the organisation; as the system, who alone sees everybody's. */
export async function readByAll(tx: Tx, org: string, before: number): Promise<void> {
  await tx.run(
    sql`update notice set read_at = at where org_id = ${org} and at < ${new Date(before)} and read_at is null`,
  )
}

async function holdersOf(tx: Tx, org: string, teamId: string, permission: Permission): Promise<string[]> {
  const may = rolesWith(permission)
  const holding = (where: RawBuilder<unknown>) =>
    tx.rows<{ id: string }>(
      sql`select s.id from staff s where s.org_id = ${org} and s.active and s.user_id is not null
        and exists (select from staff_role r where r.org_id = ${org} and r.staff_id = s.id and r.role = any (${may}::text[])) ${where}
        order by s.id limit ${mostAsked}`,
    )
  const ofTeam = await holding(
    sql`and exists (select from team_member m where m.org_id = ${org} and m.staff_id = s.id and m.team_id = ${teamId})`,
  )
  const found = ofTeam.length > 0 ? ofTeam : await holding(sql``)
  return found.map((s) => s.id)
}
