import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify'
import { z } from 'zod'
import { type Database, openDatabase } from '../kit/db/database.ts'
import { problemOf, sendProblem } from '../kit/http/problem.ts'
import { on, type Route } from '../kit/http/serve.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { freshDatabase } from '../kit/testing/database.ts'
import { makeAuthorise } from './authorise.ts'
import { createOrganisation } from './organisation.ts'
import type { PeopleBinding } from './people.ts'
import type { RateLimit } from './rate.ts'
import { hashPassword } from './password.ts'
import { peopleRoutes } from './routes.ts'
import { setupToken } from './setup.ts'
import { createStaff, type NewStaff } from './staff.ts'

export type World = {
  readonly db: Database
  readonly server: FastifyInstance
  readonly routes: Route[]
  readonly clock: { now: number }
  readonly setupToken: string
  send(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: string,
    body?: object | undefined,
    more?: Partial<InjectOptions>,
  ): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

/** The routes of this slice on a database of their own, with a clock that stands until it is moved. */
export async function peopleWorld(options: { keyRate?: RateLimit; publicUrl?: string } = {}): Promise<World> {
  const { url, drop } = await freshDatabase()
  const db = openDatabase(url, { max: 6 })
  const master = randomBytes(32)
  const clock = { now: Date.parse('2026-03-02T09:00:00+08:00') }
  const publicUrl = options.publicUrl ?? 'https://desk.example'
  const server = Fastify({ trustProxy: true })
  server.setErrorHandler((error, request, reply) => {
    if (error instanceof RefusalError) return sendProblem(reply, problemOf(error.refusal, request.id))
    console.error(error)
    return reply.code(500).send('defect')
  })
  const keyRate = options.keyRate ? { keyRate: options.keyRate } : {}
  const now = () => clock.now
  const binding: PeopleBinding = {
    server,
    db,
    now,
    authorise: makeAuthorise({ db, now, publicUrl, ...keyRate }),
    requestKey: randomBytes(32),
    routes: [],
  }
  peopleRoutes(binding, { publicUrl, master })
  const peek = endpoint({
    id: 'test.peek',
    method: 'GET',
    path: '/test/complaints',
    reply: z.object({ caller: z.string(), scope: z.string() }),
    summary: 'Needs complaint.read',
  })
  on(binding, peek, 'complaint.read').answer(async ({ actor }) => ({
    caller: actor.caller,
    scope: actor.scope.scope ?? 'none',
  }))
  return {
    db,
    server,
    routes: binding.routes,
    clock,
    setupToken: setupToken(master),
    send: (method, path, body, more = {}) => {
      const { headers, ...rest } = more
      return server.inject({
        method,
        url: path,
        ...(body ? { payload: body } : {}),
        headers: { 'sec-fetch-site': 'same-origin', ...headers },
        ...rest,
      })
    },
    close: async () => {
      await server.close()
      await db.close()
      await drop()
    },
  }
}

const names = { zhHant: '海港家電', zhHans: '海港家电', en: 'Harbour Home' }

/** An organisation with these people; gives their ids by name. */
export function organisationOf(
  world: World,
  slug: string,
  people: readonly NewStaff[],
): Promise<{ orgId: string; teamId: string; staff: Map<string, string> }> {
  const organisation = { slug, name: names, locale: 'zh-Hant', zone: 'Asia/Taipei' }
  return createOrganisation(world.db, world.clock.now, organisation, async (tx, { orgId, teamId }) => {
    const staff = new Map<string, string>()
    for (const { password, ...person } of people) {
      const passwordHash = password && (await hashPassword(password, { log2N: 10, r: 8, p: 1 }))
      const given = { teamIds: [teamId], ...person, passwordHash }
      const { staffId } = await createStaff(tx, { org: orgId, now: world.clock.now }, given)
      staff.set(person.name, staffId)
    }
    return { orgId, teamId, staff }
  })
}

/** Signs in and gives the Cookie header to go on with. */
export async function signedIn(world: World, mail: string, password: string): Promise<{ cookie: string }> {
  const reply = await world.send('POST', '/api/v1/session', { mail, password })
  return { cookie: cookieOf(reply) }
}

export function cookieOf(reply: LightMyRequestResponse): string {
  return String(reply.headers['set-cookie']).split(';')[0] ?? ''
}
