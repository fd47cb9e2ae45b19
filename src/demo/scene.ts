import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { publicActor, type StaffActor, type StaffRow, staffActor } from '../people/actor.ts'
import { createStaff, createTeam, hashPassword } from '../people/index.ts'
import { routePlace } from '../routing/index.ts'
import { organisation, places, products, teams } from './organisation.ts'
import { staff } from './staff.ts'
import type { Staff } from './types.ts'

export type Org = { readonly id: string; readonly slug: string; readonly no: number }
type Ids = ReadonlyMap<string, string>

/** The stage on which complaints are replayed: ids by the keys of the content, and everyone as an actor. */
export type Scene = {
  readonly org: Org
  readonly teams: Ids
  readonly places: Ids
  readonly products: Ids
  readonly staff: Ids
  readonly anybody: StaffActor
  actor(key: string): StaffActor
}

/** The password of every demo account, unless the loader is given others by staff key. */
export const demoPassword = 'harbour-demo-2026'
export type Passwords = Readonly<Record<string, string>>
export const passwordOf = (key: string, passwords: Passwords = {}): string => passwords[key] ?? demoPassword

/** One hash a password, not one an account: a hash is made to be slow. */
export async function hashPasswords(passwords: Passwords): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(people.map(({ key }) => passwordOf(key, passwords)))]
  return new Map(await Promise.all(wanted.map(async (one) => [one, await hashPassword(one)] as const)))
}

/** Everyone who signs in; another system has no account. */
export const people: readonly Staff[] = staff.filter((one) => !one.roles.includes('integration'))

/** Fills the new organisation with teams, places, products and people, all as of `now`. */
export async function setScene(
  tx: Tx,
  made: { readonly org: Org; readonly firstTeam: string; readonly now: number },
  passwords: Passwords,
  hashes: ReadonlyMap<string, string>,
): Promise<Scene> {
  const { org, now } = made
  await tx.run(
    sql`update organisation set settings = ${JSON.stringify({ loading: true, reviewWindowDays: organisation.reviewWindowDays, handlerLimits: organisation.handlerLimits })}::jsonb
        where org_id = ${org.id}`,
  )
  const placeIds = new Map(places.map(({ key }) => [key, newId(now)]))
  const teamIds = await addTeams(tx, made, placeIds)
  await addPlaces(tx, { org, now }, placeIds, teamIds)
  const productIds = await addProducts(tx, org, now)
  const actors = await addStaff(tx, { org, now, teamIds, passwords, hashes })
  return {
    org,
    teams: teamIds,
    places: placeIds,
    products: productIds,
    staff: new Map([...actors].map(([key, { staffId }]) => [key, staffId ?? ''])),
    anybody: publicActor(org, 'demo'),
    actor: (key) => known(actors, key),
  }
}

/** What the content names must be there. */
export function known<K, T>(map: ReadonlyMap<K, T>, key: K): T {
  const found = map.get(key)
  if (found === undefined) throw new Error(`the demo names ${String(key)}, which is not there`)
  return found
}

/** The first team of the content takes the place of the default one every organisation is born with. */
async function addTeams(
  tx: Tx,
  { org, firstTeam, now }: { org: Org; firstTeam: string; now: number },
  placeIds: Ids,
): Promise<Ids> {
  const ids = new Map<string, string>()
  for (const [i, { key, name, calendar, places: at }] of teams.entries()) {
    const placeList = at.map((place) => known(placeIds, place))
    if (i > 0) {
      const team = await createTeam(tx, { org: org.id, now }, { key, name, calendarKey: calendar })
      // Places name their team and teams their places: whichever comes first cannot name the other yet.
      await tx.run(sql`update team set place_ids = ${placeList}::uuid[] where org_id = ${org.id} and id = ${team.id}`)
      ids.set(key, team.id)
      continue
    }
    await tx.run(
      sql`update team set key = ${key}, name = ${JSON.stringify(name)}::jsonb, calendar_key = ${calendar}, place_ids = ${placeList}::uuid[]
          where org_id = ${org.id} and id = ${firstTeam}`,
    )
    ids.set(key, firstTeam)
  }
  return ids
}

async function addPlaces(tx: Tx, { org, now }: { org: Org; now: number }, ids: Ids, teamIds: Ids): Promise<void> {
  const rows = places.map((place) => ({
    ...place,
    id: known(ids, place.key),
    team: teamIds.get(teams.find((team) => team.places.includes(place.key))?.key ?? '') ?? null,
  }))
  await tx.run(
    sql`insert into place (org_id, id, code, name, jurisdiction, zone, calendar_key)
        select ${org.id}::uuid, p.id, p.key, p.name, p.jurisdiction, p.zone, p.calendar
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as p(id uuid, key text, name jsonb, jurisdiction text, zone text, calendar text)`,
  )
  for (const { id, team } of rows) if (team !== null) await routePlace(tx, { org: org.id, now }, id, team)
}

async function addProducts(tx: Tx, org: Org, now: number): Promise<Ids> {
  const rows = products.map((product) => ({ ...product, id: newId(now) }))
  await tx.run(
    sql`insert into product (org_id, id, code, name, kind)
        select ${org.id}::uuid, p.id, p.code, p.name, p.kind
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as p(id uuid, code text, name jsonb, kind text)`,
  )
  return new Map(rows.map(({ code, id }) => [code, id]))
}

type Hiring = { org: Org; now: number; teamIds: Ids; passwords: Passwords; hashes: ReadonlyMap<string, string> }

async function addStaff(tx: Tx, hiring: Hiring): Promise<ReadonlyMap<string, StaffActor>> {
  const actors = new Map<string, StaffActor>()
  // Managers first: nobody reports to somebody who is not there yet.
  const waiting = [...staff]
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ manager }) => manager === undefined || actors.has(manager))
    const [one] = waiting.splice(at, 1)
    if (at < 0 || !one) throw new Error('demo staff report to each other in a circle')
    const integration = one.roles.includes('integration')
    actors.set(one.key, integration ? await connect(tx, hiring, one) : await hire(tx, hiring, one, actors))
  }
  return actors
}

async function hire(
  tx: Tx,
  { org, now, teamIds, passwords, hashes }: Hiring,
  one: Staff,
  actors: ReadonlyMap<string, StaffActor>,
): Promise<StaffActor> {
  const { name, mail, roles, locale, zone, team, manager } = one
  const { userId } = await createStaff(
    tx,
    { org: org.id, now },
    {
      name,
      mail,
      roles,
      locale,
      zone,
      passwordHash: known(hashes, passwordOf(one.key, passwords)),
      teamIds: team === null ? [] : [known(teamIds, team)],
      managerId: manager === undefined ? null : (known(actors, manager).staffId ?? null),
    },
  )
  const row = await tx.first(sql<StaffRow>`select * from staff_by_user(${userId})`)
  if (!row) throw new Error(`${one.key} was not hired`)
  return staffActor(row)
}

/** Another system: it acts, but nobody signs in as it. */
async function connect(tx: Tx, { org, now }: Hiring, one: Staff): Promise<StaffActor> {
  const { name, mail, roles, locale, zone } = one
  const id = newId(now)
  await tx.run(
    sql`insert into staff (org_id, id, user_id, name, mail, locale, zone, created_at)
        values (${org.id}, ${id}, null, ${name}, ${mail}, ${locale}, ${zone}, ${new Date(now)})`,
  )
  await tx.run(
    sql`insert into staff_role (org_id, staff_id, role) select ${org.id}::uuid, ${id}::uuid, unnest(${[...roles]}::text[])`,
  )
  const row = { org_id: org.id, org_slug: org.slug, org_no: org.no, staff_id: id, name, mail, locale, zone }
  const actor = staffActor({ ...row, roles: [...roles], teams: [], chain: [id], scopes: {} })
  return { ...actor, kind: 'integration' }
}
