import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAll } from '../audit/index.ts'
import { makeServices } from '../app.ts'
import { genesis, eventHash } from '../complaints/chain.ts'
import { lockComplaint, loadEvents, stateColumns } from '../complaints/store.ts'
import { readConfig } from '../kit/config.ts'
import type { Tx } from '../kit/db/database.ts'
import { verifyPassword } from '../people/password.ts'
import { createOrganisation } from '../people/index.ts'
import { isoWorkflow } from '../complaints/domain/workflow.ts'
import { freshDatabase, type TestDatabase } from '../kit/testing/database.ts'
import { publicClocks } from '../portal/public-clocks.ts'
import { isWord } from '../portal/words.ts'
import { complaintsAt } from './complaints/index.ts'
import { demoUnfinished, type LoadedDemo, loadDemo } from './load.ts'
import { removeDemo } from './remove.ts'
import { signInTable } from './sign-ins.ts'

let database: TestDatabase
let app: Awaited<ReturnType<typeof makeServices>>
let demo: LoadedDemo
const now = Date.parse('2026-11-24T09:30:00Z')
const real = { name: { zhHant: '真', zhHans: '真', en: 'Real' }, locale: 'en', zone: 'Europe/London' }
const dataDir = mkdtempSync(join(tmpdir(), 'redress-demo-'))

beforeAll(async () => {
  database = await freshDatabase()
  app = await makeServices({
    config: readConfig({ REDRESS_DATA: dataDir }),
    databaseUrl: database.url,
    log: pino({ level: 'silent' }),
    embedded: true,
    now: () => now,
  })
  demo = await loadDemo(app)
}, 170_000)

afterAll(async () => {
  await app?.db.close()
  await app?.systemDb.close()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const inside = <T>(work: (tx: Tx, org: string) => Promise<T>) =>
  app.systemDb.withScope({ org: demo.organisation.id }, (tx) => work(tx, demo.organisation.id))
const count = (query: (org: string) => RawBuilder<unknown>) =>
  inside(
    async (tx, org) => (await tx.first(sql<{ n: number }>`select count(*)::int as n from (${query(org)}) as found`))?.n,
  )

test('every complaint ends in its state, in three languages', async () => {
  const found = await inside((tx, org) =>
    tx.rows<{ title: string; state: string; locale: string }>(
      sql`select t.title, c.state, c.locale from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id where c.org_id = ${org}`,
    ),
  )
  const lines = (list: readonly { title: string; state: string; locale: string }[]) =>
    list.map(({ title, state, locale }) => `${title} (${locale}): ${state}`).sort()
  expect(lines(found)).toEqual(lines(complaintsAt(now)))
  expect(found.length).toBeGreaterThanOrEqual(200)
  expect(new Set(found.map(({ state }) => state)).size).toBe(isoWorkflow.states.length)
  expect(new Set(found.map(({ locale }) => locale)).size).toBe(3)
})

test('histories are whole: chained, folded into the state row, and over before now', async () => {
  await inside(async (tx, org) => {
    const all = await tx.rows<{ id: string; state: string; version: number; owner_id: string | null }>(
      sql`select id, state, version, owner_id from complaint where org_id = ${org}`,
    )
    for (const row of all) {
      const events = await loadEvents(tx, org, row.id)
      let prev: Buffer = genesis
      for (const e of events) {
        expect(e.hash.equals(eventHash(prev, { ...e, org, complaint: row.id }))).toBe(true)
        expect(e.at).toBeLessThanOrEqual(now)
        prev = e.hash
      }
      const loaded = await lockComplaint(tx, org, row.id)
      expect(loaded && stateColumns(loaded.state)).toMatchObject({ state: row.state, owner_id: row.owner_id })
      expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b))
    }
  })
})

test('its proofs hold', async () => {
  expect((await verifyAll(app)).findings).toEqual([])
}, 60_000)

test('a loading that was cut off is known, and begun again from nothing', async () => {
  expect(await demoUnfinished(app)).toBe(false)
  await inside((tx, org) =>
    tx.run(sql`update organisation set settings = settings || '{"loading": true}' where org_id = ${org}`),
  )
  expect(await demoUnfinished(app)).toBe(true)
  await inside((tx, org) => tx.run(sql`update organisation set settings = settings - 'loading' where org_id = ${org}`))
})

test('nothing is overdue without being known to be', async () => {
  const late = (org: string) =>
    sql`select 1 from clock where org_id = ${org} and state = 'running' and ended_at is null and due_at < ${new Date(now)}`
  expect(await count(late)).toBe(0)
  expect(await count((org) => sql`select 1 from clock where org_id = ${org} and state = 'breached'`)).toBeGreaterThan(3)
  expect(await count((org) => sql`select 1 from clock where org_id = ${org} and state = 'met'`)).toBeGreaterThan(60)
})

test('every complainant of an open one is told what happens next and by when, in a review when it is decided', async () => {
  const dates = await inside(async (tx, org) => {
    const open = await tx.rows<{ id: string; state: string }>(
      sql`select id, state from complaint where org_id = ${org} and open`,
    )
    const each: { state: string; kinds: string[] }[] = []
    for (const { id, state } of open)
      each.push({ state, kinds: (await publicClocks(tx, org, id, now)).map((c) => c.kind) })
    return each
  })
  const said = (kind: string) => isWord(`next.${kind}`)
  expect(dates.filter(({ kinds }) => !kinds.some(said))).toEqual([])
  const reviews = dates.filter(({ state }) => state === 'review')
  expect(reviews.length).toBeGreaterThan(0)
  expect(reviews.filter(({ kinds }) => !kinds.includes('stage'))).toEqual([])
})

test('nobody is written to: answers were told or sent long ago and no job waits', async () => {
  expect(await count((org) => sql`select 1 from outbox where org_id = ${org}`)).toBeGreaterThan(3)
  const told = (org: string) =>
    sql`select 1 from message where org_id = ${org} and direction = 'out' and visibility = 'public'`
  expect(await count(told)).toBeGreaterThan(100)
  expect(
    await count((org) => sql`select 1 from outbox where org_id = ${org} and (state <> 'sent' or channel <> 'portal')`),
  ).toBe(0)
  const owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  const jobs = await owner.query('select count(*)::int as n from graphile_worker._private_jobs')
  await owner.end()
  expect(jobs.rows[0]?.n).toBe(0)
})

test('everybody but the other system has an account; one is told how to sign in', async () => {
  const mails = await inside((tx, org) =>
    tx.rows<{ mail: string }>(sql`select mail from staff where org_id = ${org} and user_id is not null order by mail`),
  )
  expect(demo.signIns.map(({ mail }) => mail).sort()).toEqual(mails.map(({ mail }) => mail))
  const credential = await app.db.pool.query('select * from auth.credential($1)', ['meilin@harbour.example'])
  expect(await verifyPassword('harbour-demo-2026', credential.rows[0]?.password_hash)).toBe(true)
  expect(signInTable(demo.signIns)).toContain('何建宏')
})

// About 15 s on two idle cores; the bound only catches a load that has become hopeless.
test('what nobody has read yet is of the last day', async () => {
  const news = (part: RawBuilder<unknown>) => count((org) => sql`select from notice where org_id = ${org} ${part}`)
  expect(await news(sql``)).toBeGreaterThan(50)
  expect(await news(sql`and read_at is null and at < ${new Date(now - 86_400_000)}`)).toBe(0)
})

test('new complaints go on counting where the demo ended', async () => {
  const number = await app.numbers.next(demo.organisation.id, 2026)
  expect(await count((org) => sql`select 1 from complaint where org_id = ${org} and number = ${number}`)).toBe(0)
})

test('a second demo is refused, and so is removing what is none', async () => {
  await expect(loadDemo(app)).rejects.toMatchObject({ refusal: { code: 'people.slug-taken' } })
  await createOrganisation(app.db, now, { ...real, slug: 'real' }, async () => undefined)
  await expect(removeDemo(app, 'real')).rejects.toMatchObject({ refusal: { code: 'demo.not-a-demo' } })
  await expect(removeDemo(app, 'nowhere')).rejects.toMatchObject({ refusal: { code: 'demo.not-there' } })
})

test('removed, nothing of it is left but the others', async () => {
  const { rows } = await removeDemo(app)
  expect(rows).toBeGreaterThan(2000)
  const owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  const tables = await owner.query<{ name: string }>(
    "select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'",
  )
  for (const { name } of tables.rows) {
    const left = await owner.query(`select 1 from "${name}" where org_id = $1 limit 1`, [demo.organisation.id])
    expect([name, left.rowCount]).toEqual([name, 0])
  }
  expect((await owner.query('select 1 from auth."user"')).rowCount).toBe(0)
  expect((await owner.query('select slug from organisation')).rows).toEqual([{ slug: 'real' }])
  await owner.end()
})
