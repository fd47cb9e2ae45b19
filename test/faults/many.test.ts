import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../src/kit/testing/database.ts'
import { openLedger, post, ready } from './ledger.ts'
import { followLive, type Live } from './live.ts'
import { type Installation, installation, type Role } from './roles.ts'

// Two programs that serve and two that work, over one database: what one takes in the other tells of, numbers are unique,
// each job is done once, and when one is killed the other does its work.

let database: TestDatabase
let client: pg.Client
let redress: Installation
let serves: Role[]
let works: Role[]
let cookie: string
let live: Live
const ledgers = [0, 1].map((i) => openLedger(() => ({ base: serves[i]?.base ?? '', cookie }), `server ${i}`))

beforeAll(async () => {
  database = await freshDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  redress = await installation(database.url)
  // Started at once, as an orchestrator would: who comes second waits for the first one's migrations.
  serves = await Promise.all([redress.run('serve'), redress.run('serve')])
  cookie = await redress.setUp(serves[0] as Role)
  works = await Promise.all([redress.run('work'), redress.run('work')])
  live = followLive((serves[1] as Role).base, cookie)
}, 120_000)
afterAll(async () => {
  live?.close()
  await redress?.remove()
  await client?.end()
  await database?.drop()
}, 60_000)

describe('several of each', () => {
  it('what one server takes in, the other tells of; numbers are unique over both', async () => {
    await expect.poll(living, patience).toBe(2 * lanes)
    const numbers: string[] = []
    await Promise.all(
      ledgers.map(async (ledger, i) => {
        for (let n = 0; n < 15; n++) {
          const { status, number } = await ledger.send(`many-${i}-${n}`)
          expect(status).toBe(201)
          numbers.push(number ?? '')
        }
      }),
    )
    expect(new Set(numbers).size).toBe(30)
    const ids = ledgers.flatMap((ledger) => [...ledger.noted.values()].map(String))
    await expect.poll(() => ids.filter((id) => !live.told.includes(id)), { timeout: 30_000 }).toEqual([])
  }, 60_000)

  it('an overdue clock is noticed once, whoever runs the job, even asked for by many', async () => {
    const longAgo = {
      receivedAt: new Date(Date.now() - 400 * 86_400_000).toISOString(),
      backdatingReason: 'a letter found late',
    }
    const where = { base: serves[0]?.base ?? '', cookie }
    const late = await Promise.all([1, 2, 3, 4].map((n) => post(where, `late-${n}`, `letter ${n}`, longAgo)))
    expect(late.map((a) => a.status)).toEqual([201, 201, 201, 201])
    for (let n = 0; n < 8; n++) await client.query("select enqueue_job('lapse_clocks', '{}'::json)")
    await expect.poll(() => scalar(overdue), patience).toBe(0)
    await expect.poll(waiting, patience).toBe(0)
    const twice = await scalar(`select count(*)::int from (
      select 1 from complaint_event where type = 'clock_breached'
      group by org_id, complaint_id, payload->'facts'->>'clockId', payload->'facts'->>'cycle' having count(*) > 1) x`)
    expect(twice).toBe(0)
    expect(await scalar("select count(*)::int from complaint_event where type = 'clock_breached'")).toBeGreaterThan(3)
  }, 90_000)

  it('one worker killed: the other one does the work', async () => {
    await works[0]?.stop('SIGKILL')
    await expect.poll(living, { timeout: 30_000 }).toBe(lanes)
    await client.query("select enqueue_job('checkpoint', '{}'::json)")
    await expect.poll(() => scalar('select count(*)::int from checkpoint'), patience).toBeGreaterThan(0)
    await expect.poll(waiting, patience).toBe(0)
  }, 60_000)

  it('one server asked to stop under load: it refuses nothing it took in, the other goes on', async () => {
    let over = false
    const [first, second] = ledgers
    const running = [first?.load('drain-a', () => over), second?.load('drain-b', () => over)]
    const taken = () => [...(first?.noted ?? [])].filter(([key, id]) => key.startsWith('drain-a') && id).length
    await expect.poll(taken, { timeout: 30_000 }).toBeGreaterThan(3)
    expect(await serves[0]?.stop('SIGTERM')).toBe(0)
    over = true
    const [, other] = await Promise.all(running)
    expect(other?.filter((a) => a.status !== 201)).toEqual([])
    await ready(serves[1]?.base ?? '')
    // The client goes to the other server with the keys of the first.
    serves[0] = serves[1] as Role
    for (const ledger of ledgers) await ledger.retryAll()
    const doubled = await scalar(
      'select count(*)::int from (select number from complaint group by org_id, number having count(*) > 1) x',
    )
    expect(doubled).toBe(0)
  }, 90_000)
})

const overdue = "select count(*)::int from clock where state = 'running' and due_at < now()"
const patience = { timeout: 60_000, interval: 100 }

async function scalar(sql: string): Promise<number> {
  const { rows } = await client.query<number[]>({ text: sql, rowMode: 'array' })
  return rows[0]?.[0] ?? 0
}

/** A program that works has a lane for mail in, one for what leaves, and one for all else. */
const lanes = 3

/** Lanes of workers the database sees alive. */
function living(): Promise<number> {
  return scalar(
    "select count(*)::int from pg_stat_activity where application_name like 'redress-worker:%' and datname = current_database()",
  )
}

/** Jobs that are due or under way. */
function waiting(): Promise<number> {
  return scalar('select count(*)::int from graphile_worker._private_jobs where run_at <= now()')
}
