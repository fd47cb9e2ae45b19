import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FailingPool, failingPool } from '../../src/kit/testing/failing-pool.ts'
import { record, startWorld, type World } from '../world/world.ts'

// Whatever statement of a request fails: nothing is half kept, and the answer is a problem that a program can read.

let world: World
let owner: pg.Client
let pool: FailingPool
beforeAll(async () => {
  world = await startWorld()
  owner = new pg.Client({ connectionString: world.url })
  await owner.connect()
  pool = failingPool(world.app.db.pool)
})
afterAll(async () => {
  await owner?.end()
  await world?.stop()
})

/** Numbers are reserved in blocks, each in its own transaction: they rise, and need not be gapless. */
const notPartOfIt = ['number_block']

async function everything(): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where (schemaname = 'public' and not tablename = any ($1)) or (schemaname = 'graphile_worker' and tablename = '_private_jobs')`,
    [notPartOfIt],
  )
  const kept: Record<string, string> = {}
  for (const { name } of tables) {
    const { rows } = await owner.query<{ state: string }>(
      `select count(*) || ' ' || coalesce(sum(hashtext(t::text)), 0) as state from ${name} t`,
    )
    kept[name] = rows[0]?.state ?? ''
  }
  return kept
}

const defect = { sqlState: 'XX000', status: 500, code: 'server.defect' }
const unavailable = { sqlState: '53200', status: 503, code: 'server.unavailable' }

/** Sends the request again and again, each time with the next statement failing, until none is left to fail. */
async function failEach(send: () => ReturnType<ReturnType<World['as']>>): Promise<string[]> {
  const failed: string[] = []
  for (let nth = 1; nth < 60; nth++) {
    for (const { sqlState, status, code } of [defect, unavailable]) {
      const before = await everything()
      pool.arm(nth, sqlState)
      const reply = await send()
      const statement = pool.disarm()
      if (statement === undefined) {
        expect(reply.statusCode).toBeLessThan(300)
        expect(await everything()).not.toEqual(before)
        return failed
      }
      failed.push(statement)
      expect({ statement, status: reply.statusCode, code: reply.json().code }).toEqual({ statement, status, code })
      expect(reply.headers['content-type']).toContain('application/problem+json')
      expect({ statement, kept: await everything() }).toEqual({ statement, kept: before })
    }
  }
  throw new Error('there was always one more statement')
}

it('a complaint is taken in wholly or not at all', async () => {
  await record(world)
  const body = {
    channel: 'phone',
    text: '熱水壺第二次跳電。',
    placeId: world.home.place,
    complainant: { name: '王先生', phone: '0912345678' },
  }
  const failed = await failEach(() =>
    world.as('intake')('POST', '/api/v1/complaints', body, { 'idempotency-key': 'until-it-works' }),
  )
  expect(failed).toContainEqual(expect.stringMatching(/^begin/))
  expect(failed).toContainEqual(expect.stringContaining('into complaint'))
  expect(failed).toContainEqual('commit')
}, 60_000)

it('a command does all of its work or none', async () => {
  const { id, version } = await record(world)
  expect((await world.as('lead')('GET', `/api/v1/complaints/${id}`)).statusCode).toBe(200)
  const body = { version, impact: 4, likelihood: 3, flags: [], title: '跳電', reason: '有小孩' }
  const failed = await failEach(() =>
    world.as('lead')('POST', `/api/v1/complaints/${id}/assessment`, body, { 'idempotency-key': 'until-it-works-too' }),
  )
  expect(failed).toContainEqual(expect.stringContaining('complaint_event'))
  expect(failed).toContainEqual('commit')
}, 60_000)
