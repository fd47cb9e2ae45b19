import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../src/kit/testing/database.ts'
import { openProxy, type Proxy } from '../../src/kit/testing/proxy.ts'
import { ask, openLedger, post, ready, statusOf } from './ledger.ts'
import { followLive, type Live } from './live.ts'
import { type Installation, installation, type Role } from './roles.ts'

// F05, F06: what a network does between the program and its database. It loses the answer to a commit, goes silent without
// hanging up, tears, and is slow.

let database: TestDatabase
let proxy: Proxy
let redress: Installation
let program: Role
let cookie: string
let live: Live
const here = () => ({ base: program.base, cookie })
const ledger = openLedger(here, 'partition')

beforeAll(async () => {
  database = await freshDatabase()
  proxy = await openProxy(database.url)
  redress = await installation(proxy.url, { REDRESS_DATABASE_SECONDS: '2' })
  program = await redress.run('all')
  cookie = await redress.setUp(program)
  live = followLive(program.base, cookie)
}, 120_000)
afterAll(async () => {
  live?.close()
  await redress?.remove()
  await proxy?.close()
  await database?.drop()
}, 60_000)

describe('between program and database', () => {
  it('the answer to a commit is lost: sent again with the same key it is the same complaint', async () => {
    const text = 'the handle broke twice'
    const lost = proxy.loseCommitAfter(text)
    const first = await post(here(), 'lost-1', text)
    await lost
    expect(first).toMatchObject({ status: 503, code: 'server.unavailable' })
    const again = await post(here(), 'lost-1', text)
    expect(again.status).toBe(201)
    expect(await post(here(), 'lost-1', text)).toMatchObject({ status: 201, id: again.id, number: again.number })
    expect(await count(text)).toBe(1)
    await toldOf([again.id ?? ''])
  }, 60_000)

  it('the line goes silent under load: 503 in time, and new connections heal it', async () => {
    let over = false
    const running = ledger.load('silent', () => over)
    await expect.poll(acknowledged, { timeout: 30_000 }).toBeGreaterThan(8)
    proxy.set('silent')
    await expect.poll(() => statusOf(`${program.base}/readyz`), { timeout: 30_000 }).toBe(503)
    expect(await statusOf(`${program.base}/livez`)).toBe(200)
    expect(await ask(here(), '/api/v1/complaints')).toMatchObject({ status: 503, code: 'server.unavailable' })
    proxy.set('open')
    await ready(program.base)
    const before = acknowledged()
    await expect.poll(acknowledged, { timeout: 30_000 }).toBeGreaterThan(before)
    over = true
    const wrong = (await running).filter((a) => ![201, 503].includes(a.status) || a.ms > 20_000)
    expect(wrong).toEqual([])
    await ledger.retryAll()
    await toldOf([...ledger.noted.values()].map(String))
  }, 120_000)

  it('the line is torn and slow: everything is taken in, the live stream goes on over the same connection', async () => {
    proxy.set('cut')
    await expect.poll(() => statusOf(`${program.base}/readyz`), { timeout: 30_000 }).toBe(503)
    proxy.delay(20)
    proxy.set('open')
    await ready(program.base)
    const answers = await Promise.all([1, 2, 3, 4].map((i) => ledger.send(`slow-${i}`)))
    expect(answers.map((a) => a.status)).toEqual([201, 201, 201, 201])
    await toldOf(answers.map((a) => String(a.id)))
    expect(live.connections()).toBe(1)
    proxy.delay(0)
  }, 60_000)

  it('and then everything verifies', async () => {
    const { code, out } = await redress.cli('verify')
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Nothing wrong') })
    expect(program.child().exitCode).toBeNull()
  }, 60_000)
})

function acknowledged(): number {
  return [...ledger.noted.values()].filter(Boolean).length
}

async function toldOf(ids: readonly string[]): Promise<void> {
  await expect.poll(() => ids.filter((id) => !live.told.includes(id)), { timeout: 30_000 }).toEqual([])
}

/** How many complaints say this, asked past the proxy. */
async function count(text: string): Promise<number> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query<{ n: number }>(
    'select count(distinct complaint_id)::int as n from message where body = $1',
    [text],
  )
  await client.end()
  return rows[0]?.n ?? 0
}
