import { sql } from 'kysely'
import { calendarsFor } from '../src/clocks/index.ts'
import type { Calendars } from '../src/clocks/domain/targets.ts'
import type { Database } from '../src/kit/db/database.ts'
import { newId } from '../src/kit/ids.ts'
import { createOrganisation, createStaff, createTeam } from '../src/people/index.ts'
import { routePlace } from '../src/routing/index.ts'
import { seedOrganisation } from '../src/seeds/index.ts'

/** Of everybody in a bench world. */
export const password = 'correct horse battery 9'

export type Person = { readonly id: string; readonly name: string; readonly mail: string }
export type Team = {
  readonly id: string
  readonly placeId: string
  readonly jurisdiction: string
  readonly calendars: Calendars
  readonly lead: Person
  readonly handlers: readonly Person[]
}
export type House = {
  readonly org: string
  readonly no: number
  readonly slug: string
  readonly teams: readonly Team[]
  readonly intake: Person
  readonly types: readonly string[]
}

const sites = [
  ['TW', 'Asia/Taipei', 'tw-office'],
  ['TW', 'Asia/Taipei', 'tw-office'],
  ['CN', 'Asia/Shanghai', 'cn-office'],
  ['GB', 'Europe/London', 'uk-office'],
] as const

/** An organisation with its teams, a place and a lead each, and handlers until there are `people` of them. */
export async function furnish(
  db: Database,
  now: number,
  given: { slug: string; teams: number; people: number; passwordHash: string },
): Promise<House> {
  const name = { zhHant: '海港', zhHans: '海港', en: 'Harbour' }
  const { slug, passwordHash } = given
  return createOrganisation(
    db,
    now,
    { slug, name, locale: 'zh-Hant', zone: 'Asia/Taipei' },
    async (tx, { orgId: org, no, teamId }) => {
      await seedOrganisation(tx, org, now)
      const person = async (role: string, n: number, teamIds: string[]): Promise<Person> => {
        const mail = `${role}${n}@${slug}.test`
        const made = await createStaff(
          tx,
          { org, now },
          { name: `人員${role}${n}`, mail, roles: [role], teamIds, passwordHash },
        )
        return { id: made.staffId, name: `人員${role}${n}`, mail }
      }
      const teams: Team[] = []
      const each = Math.max(1, Math.floor((given.people - 1) / given.teams) - 1)
      for (let i = 0; i < given.teams; i += 1) {
        const [jurisdiction, zone, calendarKey] = sites[i % sites.length] ?? sites[0]
        const id = i === 0 ? teamId : (await createTeam(tx, { org, now }, { key: `team-${i}`, name, calendarKey })).id
        const placeId = newId(now)
        await tx.run(sql`insert into place (org_id, id, code, name, jurisdiction, zone, calendar_key)
        values (${org}, ${placeId}, ${`P${i}`}, ${JSON.stringify(name)}::jsonb, ${jurisdiction}, ${zone}, ${calendarKey})`)
        await routePlace(tx, { org, now }, placeId, id)
        const handlers: Person[] = []
        const lead = await person('team_lead', i, [id])
        for (let n = 0; n < each; n += 1) handlers.push(await person('handler', i * each + n, [id]))
        teams.push({
          id,
          placeId,
          jurisdiction,
          calendars: await calendarsFor(tx, org, calendarKey, now),
          lead,
          handlers,
        })
      }
      const intake = await person('intake_operator', 0, [teamId])
      const types = await tx.rows<{ code: string }>(
        sql`select code from code where org_id = ${org} and list = 'issue' order by code`,
      )
      return { org, no, slug, teams, intake, types: types.map((t) => t.code) }
    },
  )
}
