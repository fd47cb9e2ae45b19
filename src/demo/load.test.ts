import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeServices } from '../app.ts'
import { readConfig } from '../kit/config.ts'
import type { Tx } from '../kit/db/database.ts'
import { freshDatabase, type TestDatabase } from '../kit/testing/database.ts'
import { complaints } from './complaints/index.ts'
import { type LoadedDemo, loadDemo } from './load.ts'

let database: TestDatabase
let app: Awaited<ReturnType<typeof makeServices>>
let demo: LoadedDemo
let took = 0
const dataDir = mkdtempSync(join(tmpdir(), 'redress-demo-'))

beforeAll(async () => {
  database = await freshDatabase()
  app = await makeServices({
    config: readConfig({ REDRESS_DATA: dataDir }),
    databaseUrl: database.url,
    log: pino({ level: 'silent' }),
    embedded: true,
    now: () => Date.parse('2026-11-24T09:30:00Z'),
  })
  const begun = performance.now()
  demo = await loadDemo(app)
  took = performance.now() - begun
  console.log(`loaded in ${Math.round(took)} ms`)
}, 120_000)

afterAll(async () => {
  await app?.db.close()
  await app?.systemDb.close()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const rows = <T>(query: (org: string) => ReturnType<typeof sql<T>>) =>
  app.systemDb.withScope({ org: demo.organisation.id, scope: 'organisation' }, (tx: Tx) =>
    tx.rows<T>(query(demo.organisation.id)),
  )

test('every complaint ends in its state', async () => {
  const found = await rows<{ title: string; state: string }>(
    (org) =>
      sql`select t.title, c.state from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id where c.org_id = ${org}`,
  )
  const states = (list: readonly { title: string; state: string }[]) =>
    list.map(({ title, state }) => `${title}: ${state}`).sort()
  expect(states(found)).toEqual(states(complaints))
})
