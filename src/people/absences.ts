import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { noteAccess } from './access-log.ts'
import { awayUntil, dayFrom, dayIn } from './domain/away.ts'
import type { Absence } from './contract.ts'
import type { Doing } from './staff.ts'

type Row = {
  id: string
  staff_id: string
  name: string
  zone: string
  from_day: string
  until_day: string
  stand_in_id: string | null
}

/** Absences that are not over in the person's own zone, the soonest first; of one person with `staffId`. */
export async function readAbsences(tx: Tx, org: string, now: number, staffId?: string): Promise<Absence[]> {
  // No zone is more than a day from UTC: the rest is decided where zones are known.
  const yesterday = dayFrom(dayIn('UTC', now), -1)
  const one = staffId === undefined ? sql`` : sql`and a.staff_id = ${staffId}`
  const rows = await tx.rows(
    sql<Row>`select a.id, a.staff_id, s.name, s.zone, a.from_day, a.until_day, a.stand_in_id
      from absence a join staff s on s.org_id = a.org_id and s.id = a.staff_id
      where a.org_id = ${org} and a.until_day >= ${yesterday} and s.active ${one} order by a.from_day, a.id limit 5000`,
  )
  return rows.flatMap((row) => {
    const today = dayIn(row.zone, now)
    if (row.until_day < today) return []
    return [
      {
        id: row.id,
        staffId: row.staff_id,
        name: row.name,
        from: row.from_day,
        until: row.until_day,
        standInId: row.stand_in_id,
        now: row.from_day <= today,
      },
    ]
  })
}

/** Until which day people are away now, by who is; whoever is not in it is there. */
export async function awayNow(tx: Tx, org: string, now: number): Promise<Map<string, string>> {
  const all = Map.groupBy(await readAbsences(tx, org, now), (a) => a.staffId)
  const away = new Map<string, string>()
  for (const [staffId, absences] of all) {
    // Those running now began in the person's own today or before.
    const running = absences.find((a) => a.now)
    const until = running && awayUntil(absences, running.until)
    if (until) away.set(staffId, until)
  }
  return away
}

export type PresentStaff = { readonly id: string; readonly name: string; readonly roles: readonly string[] }

/** Who of a team is active and not away at this instant (epoch ms), by name; integrations are nobody. */
export async function presentStaff(tx: Tx, org: string, teamId: string, now: number): Promise<PresentStaff[]> {
  const away = await awayNow(tx, org, now)
  const members = await tx.rows(
    sql<PresentStaff>`select s.id, s.name, array_agg(r.role order by r.role) as roles
      from team_member m join staff s on s.org_id = m.org_id and s.id = m.staff_id
      join staff_role r on r.org_id = s.org_id and r.staff_id = s.id
      where m.org_id = ${org} and m.team_id = ${teamId} and s.active and s.user_id is not null
      group by s.id, s.name order by s.name, s.id`,
  )
  return members.filter((m) => !away.has(m.id))
}

export type NewAbsence = {
  readonly staffId: string
  readonly from: string
  readonly until: string
  readonly standInId?: string | null | undefined
}

/** Notes that somebody is away. Refuses people.no-such-staff, people.no-such-stand-in, people.too-many-absences. */
export async function addAbsence(tx: Tx, { org, now, by }: Doing, given: NewAbsence): Promise<Absence> {
  const { staffId, from, until, standInId = null } = given
  const known = await tx.first(
    sql<{ person: boolean; stand_in: boolean; n: number }>`select
      exists (select from staff where org_id = ${org} and id = ${staffId} and active and user_id is not null) as person,
      exists (select from staff where org_id = ${org} and id = ${standInId}::uuid and id <> ${staffId} and active and user_id is not null) as stand_in,
      (select count(*)::int from absence where org_id = ${org} and staff_id = ${staffId} and until_day >= ${dayIn('UTC', now)}) as n`,
  )
  if (!known?.person) throw new RefusalError({ code: 'people.no-such-staff', status: 404 })
  if (standInId !== null && !known.stand_in) throw new RefusalError({ code: 'people.no-such-stand-in', status: 422 })
  if (known.n >= 50) throw new RefusalError({ code: 'people.too-many-absences', status: 409 })
  const id = newId(now)
  await tx.run(
    sql`insert into absence (org_id, id, staff_id, from_day, until_day, stand_in_id, created_at)
      values (${org}, ${id}, ${staffId}, ${from}, ${until}, ${standInId}, ${new Date(now)})`,
  )
  if (by !== staffId)
    await noteAccess(tx, { org, staffId: by, what: 'people.absence-added', facts: { staff: staffId } }, now)
  const row = await tx.first(
    sql<{ name: string; zone: string }>`select name, zone from staff where org_id = ${org} and id = ${staffId}`,
  )
  const today = dayIn(row?.zone ?? 'UTC', now)
  return { id, staffId, name: row?.name ?? '', from, until, standInId, now: from <= today && today <= until }
}

/** Takes an absence back; with `staffId` only one of theirs. Refuses people.no-such-absence. */
export async function removeAbsence(tx: Tx, { org, now, by }: Doing, id: string, staffId?: string): Promise<void> {
  const mine = staffId === undefined ? sql`` : sql`and staff_id = ${staffId}`
  const gone = await tx.first(
    sql<{ staff_id: string }>`delete from absence where org_id = ${org} and id = ${id} ${mine} returning staff_id`,
  )
  if (!gone) throw new RefusalError({ code: 'people.no-such-absence', status: 404 })
  if (by !== gone.staff_id)
    await noteAccess(tx, { org, staffId: by, what: 'people.absence-removed', facts: { staff: gone.staff_id } }, now)
}
