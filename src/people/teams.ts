import { sql } from 'kysely'
import type { z } from 'zod'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { team } from './contract.ts'
import { lockOrganisation } from './staff-store.ts'

export type Team = z.infer<typeof team>

type Row = {
  id: string
  key: string
  name: Labels
  calendar_key: string
  place_ids: string[]
  is_default: boolean
  retired: boolean
  members: number
}

/** All teams, retired ones last. */
export async function readTeams(tx: Tx, org: string): Promise<Team[]> {
  const rows = await tx.rows(
    sql<Row>`
      select t.id, t.key, t.name, t.calendar_key, t.place_ids, t.is_default, t.retired_at is not null as retired,
        (select count(*)::int from team_member m join staff s on s.org_id = m.org_id and s.id = m.staff_id and s.active
          where m.org_id = ${org} and m.team_id = t.id) as members
      from team t where t.org_id = ${org} order by t.retired_at is not null, t.key limit 1000`,
  )
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    name: row.name,
    calendarKey: row.calendar_key,
    placeIds: row.place_ids,
    isDefault: row.is_default,
    retired: row.retired,
    members: row.members,
  }))
}

/** Adds a team; its calendar is the default team's unless given. Refuses people.team-key-taken, people.no-such-calendar. */
export async function createTeam(
  tx: Tx,
  { org, now }: { org: string; now: number },
  given: { key: string; name: Labels; calendarKey?: string | undefined; placeIds?: readonly string[] },
): Promise<Team> {
  if (given.calendarKey !== undefined) await checkCalendar(tx, org, given.calendarKey)
  await checkPlaces(tx, org, given.placeIds ?? [])
  const id = newId(now)
  const calendar = sql`coalesce(${given.calendarKey ?? null}, (select calendar_key from team where org_id = ${org} and is_default limit 1), 'tw-office')`
  const inserted = await tx.run(
    sql`insert into team (org_id, id, key, name, calendar_key, place_ids)
        values (${org}, ${id}, ${given.key}, ${JSON.stringify(given.name)}::jsonb, ${calendar}, ${[...(given.placeIds ?? [])]}::uuid[]) on conflict do nothing`,
  )
  if (inserted === 0) throw new RefusalError({ code: 'people.team-key-taken', status: 409 })
  return oneTeam(tx, org, id)
}

export type TeamChange = {
  readonly name?: Labels | undefined
  readonly calendarKey?: string | undefined
  readonly placeIds?: readonly string[] | undefined
  readonly retired?: boolean | undefined
  readonly isDefault?: true | undefined
}

/** Changes a team. The default team, and one with open complaints, cannot be retired: nothing may wait where nobody looks. */
export async function changeTeam(
  tx: Tx,
  { org, now }: { org: string; now: number },
  id: string,
  change: TeamChange,
): Promise<Team> {
  await lockOrganisation(tx, org)
  await checkPlaces(tx, org, change.placeIds ?? [])
  const before = await oneTeam(tx, org, id)
  if (change.calendarKey !== undefined && change.calendarKey !== before.calendarKey)
    await checkCalendar(tx, org, change.calendarKey)
  const retired = change.retired ?? before.retired
  if (retired && (before.isDefault || change.isDefault))
    throw new RefusalError({ code: 'people.default-team', status: 409 })
  if (retired && !before.retired) await checkUnused(tx, org, id)
  if (change.isDefault) await tx.run(sql`update team set is_default = (id = ${id}) where org_id = ${org}`)
  await tx.run(
    sql`update team set name = ${JSON.stringify(change.name ?? before.name)}::jsonb, calendar_key = ${change.calendarKey ?? before.calendarKey},
          place_ids = ${[...(change.placeIds ?? before.placeIds)]}::uuid[], retired_at = case when ${retired} then coalesce(retired_at, ${new Date(now)}) end
        where org_id = ${org} and id = ${id}`,
  )
  return oneTeam(tx, org, id)
}

async function oneTeam(tx: Tx, org: string, id: string): Promise<Team> {
  const found = (await readTeams(tx, org)).find((team) => team.id === id)
  if (!found) throw new RefusalError({ code: 'people.no-such-team', status: 404 })
  return found
}

async function checkCalendar(tx: Tx, org: string, key: string): Promise<void> {
  const found = await tx.first(sql`select 1 from calendar where org_id = ${org} and key = ${key} limit 1`)
  if (!found) throw new RefusalError({ code: 'people.no-such-calendar', status: 422 })
}

async function checkUnused(tx: Tx, org: string, id: string): Promise<void> {
  const found = await tx.first(sql`select 1 from complaint where org_id = ${org} and team_id = ${id} and open limit 1`)
  if (found) throw new RefusalError({ code: 'people.team-in-use', status: 409 })
}

/** A team looks after places of its own organisation only; refuses people.no-such-place. */
async function checkPlaces(tx: Tx, org: string, placeIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(placeIds)]
  if (wanted.length === 0) return
  const known = await tx.rows(sql`select id from place where org_id = ${org} and id = any (${wanted}::uuid[])`)
  if (known.length !== wanted.length) throw new RefusalError({ code: 'people.no-such-place', status: 422 })
}
