import type { LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import type { App } from '../../src/app.ts'
import { newId } from '../../src/kit/ids.ts'
import { startApp, type TestClock } from '../../src/kit/testing/app.ts'
import { createOrganisation, createStaff, hashPassword } from '../../src/people/index.ts'
import { routePlace } from '../../src/routing/index.ts'
import { seedOrganisation } from '../../src/seeds/index.ts'

// The named cast of the tests: one organisation with two teams, and a neighbour who must never see anything.

export const cast = {
  mei: { name: '美琳', mail: 'mei@harbour.test', roles: ['handler'], team: 'taipei' },
  lead: { name: '志豪', mail: 'lead@harbour.test', roles: ['team_lead'], team: 'taipei' },
  xiu: { name: '秀兰', mail: 'xiu@harbour.test', roles: ['handler'], team: 'shanghai' },
  intake: { name: '小芬', mail: 'intake@harbour.test', roles: ['intake_operator'], team: 'taipei' },
  reviewer: { name: '若蘭', mail: 'reviewer@harbour.test', roles: ['stage2_reviewer'], team: 'taipei' },
  approver: { name: '文德', mail: 'approver@harbour.test', roles: ['approver'], team: 'taipei' },
  auditor: { name: 'Robert', mail: 'auditor@harbour.test', roles: ['compliance_auditor'], team: null },
  executive: { name: 'Vivian', mail: 'exec@harbour.test', roles: ['executive'], team: null },
  admin: { name: '阿明', mail: 'admin@harbour.test', roles: ['administrator'], team: null },
  store: { name: '店長', mail: 'store@harbour.test', roles: ['department_respondent'], team: null },
  specialist: { name: '阿哲', mail: 'zhe@harbour.test', roles: ['specialist'], team: 'taipei' },
  improver: { name: '怡君', mail: 'improve@harbour.test', roles: ['improvement_owner'], team: null },
  qa: { name: '佩珊', mail: 'qa@harbour.test', roles: ['qa_reviewer'], team: null },
} as const
export type Who = keyof typeof cast
export const everyone = Object.keys(cast) as Who[]

const password = 'correct horse battery 9'
let hashed: Promise<string> | undefined

export type House = {
  readonly org: string
  readonly slug: string
  readonly teams: Record<string, string>
  readonly staff: Record<Who, string>
  readonly place: string
}

export type World = {
  readonly app: App
  readonly clock: TestClock
  readonly url: string
  readonly dataDir: string
  readonly home: House
  readonly neighbour: House
  /** A request as one of the cast, in the home organisation unless said. */
  as(who: Who, house?: 'home' | 'neighbour'): Caller
  stop(): Promise<void>
}
export type Caller = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<LightMyRequestResponse>

export async function startWorld(options: Parameters<typeof startApp>[0] = {}): Promise<World> {
  const { app, clock, url, dataDir, stop } = await startApp<App>(options)
  const home = await furnish(app, clock.now, 'harbour', '')
  const neighbour = await furnish(app, clock.now, 'neighbour', 'n-')
  const cookies = new Map<string, { cookie: Promise<string>; at: number }>()
  const signIn = async (mail: string): Promise<string> => {
    const reply = await app.server.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { mail, password },
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    if (reply.statusCode !== 200) throw new Error(`sign-in of ${mail}: ${reply.body}`)
    return String(reply.headers['set-cookie']).split(';')[0] ?? ''
  }
  return {
    app,
    clock,
    url,
    dataDir,
    home,
    neighbour,
    stop,
    as:
      (who, house = 'home') =>
      async (method, path, body, headers = {}) => {
        const mail = `${house === 'home' ? '' : 'n-'}${cast[who].mail}`
        // A session ends after hours without use, and tests move the clock by days.
        const kept = cookies.get(mail)
        const { cookie, at } = kept && clock.now - kept.at < ms.hour ? kept : { cookie: signIn(mail), at: clock.now }
        cookies.set(mail, { cookie, at })
        return app.server.inject({
          method,
          url: path,
          ...(body ? { payload: body } : {}),
          headers: { cookie: await cookie, 'sec-fetch-site': 'same-origin', ...headers },
        })
      },
  }
}

async function furnish(app: App, now: number, slug: string, prefix: string): Promise<House> {
  hashed ??= hashPassword(password, { log2N: 10, r: 8, p: 1 })
  const passwordHash = await hashed
  const name = { zhHant: '海港家電', zhHans: '海港家电', en: 'Harbour Home' }
  return createOrganisation(
    app.db,
    now,
    { slug, name, locale: 'zh-Hant', zone: 'Asia/Taipei' },
    async (tx, { orgId, teamId }) => {
      await seedOrganisation(tx, orgId, now)
      const shanghai = newId(now)
      await tx.run(
        sql`insert into team (org_id, id, key, name, calendar_key) values (${orgId}, ${shanghai}, 'shanghai', ${JSON.stringify(name)}::jsonb, 'cn-office')`,
      )
      const place = newId(now)
      await tx.run(sql`insert into place (org_id, id, code, name, jurisdiction, zone, calendar_key)
      values (${orgId}, ${place}, 'XINYI', ${JSON.stringify({ zhHant: '信義店', zhHans: '信义店', en: 'Xinyi' })}::jsonb, 'TW', 'Asia/Taipei', 'tw-office')`)
      await routePlace(tx, { org: orgId, now }, place, teamId)
      const teams: Record<string, string> = { taipei: teamId, shanghai }
      const staff = {} as Record<Who, string>
      for (const who of everyone) {
        const person = cast[who]
        const team = person.team === null ? [] : [teams[person.team] ?? teamId]
        const made = await createStaff(
          tx,
          { org: orgId, now },
          { name: person.name, mail: prefix + person.mail, roles: [...person.roles], teamIds: team, passwordHash },
        )
        staff[who] = made.staffId
      }
      return { org: orgId, slug, teams, staff, place }
    },
  )
}

/** A complaint recorded by the intake operator; gives its id, version and the rest of the answer. */
export async function record(
  world: World,
  body: object = {},
  who: Who = 'intake',
  house: 'home' | 'neighbour' = 'home',
): Promise<{ id: string; number: string; version: number; [k: string]: unknown }> {
  const reply = await world.as(who, house)('POST', '/api/v1/complaints', {
    channel: 'phone',
    text: '熱水壺第二次跳電，要求退款。',
    placeId: world[house].place,
    ...body,
  })
  if (reply.statusCode !== 201) throw new Error(`record: ${reply.statusCode} ${reply.body}`)
  return reply.json()
}

export const ms = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
