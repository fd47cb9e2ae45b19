import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../kit/ids.ts'
import { importWorld, type ImportWorld, textSource } from './import-world.ts'
import { bringIn, rescueImports } from './jobs.ts'
import { look } from './plan.ts'
import { addRun, type RunRow, runOf, setRun } from './runs.ts'

// An import from the screen that ends without a word: somebody sees why, and it goes on.

let world: ImportWorld
beforeAll(async () => {
  world = await importWorld()
})
afterAll(() => world.stop())

let id = ''
beforeEach(async () => {
  const { app, clock, org } = world
  id = newId(clock.now)
  const text = `id,received,description\n${id},2024-03-01,Kettle\n`
  const blob = await app.blobs(org).put(Readable.from([Buffer.from(text)]))
  const { detected, mapping } = await look(textSource(text), 'Asia/Taipei', undefined)
  const run = { id, source: 'old', fileName: 'history.csv', blob: blob.sha256, fileHash: blob.sha256 }
  await app.db.withScope({ org }, async (tx) => {
    await tx.run(
      sql`insert into blob (org_id, sha256, size, created_at) values (${org}, decode(${blob.sha256}, 'hex'), ${blob.size}, ${new Date(clock.now)})`,
    )
    await addRun(tx, org, { ...run, format: detected, mapping, total: null, staffId: null }, clock.now)
    await setRun(tx, org, id, { mapping: { ...mapping, source: 'old' } })
  })
})
const read = () =>
  world.app.db.withScope({ org: world.org }, async (tx) => (await runOf(tx, world.org, id)) as RunRow, 'read')
const bring = (app: Parameters<typeof bringIn>[0] = world.app) => bringIn(app, { org: world.org, run: id })
const set = (what: string) => world.rows(`update import_run set ${what} where id = $1`, [id])

test('one whose file cannot be read says so, and comes in when it is asked for again', async () => {
  const gone = () => ({
    ...world.app.blobs(world.org),
    get: async () => Readable.from([]).destroy(new Error('the disk is away')),
  })
  await bring({ ...world.app, blobs: gone })
  expect(await read()).toMatchObject({ state: 'failed', reason: 'import.file-unread' })
  await bring()
  expect(await read()).toMatchObject({ state: 'done', imported: 1, reason: null })
})

test('one whose thread dies before its first word says why', async () => {
  await bring({ ...world.app, databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })
  const run = await read()
  expect(run.state).toBe('failed')
  expect(run.reason).toContain('127.0.0.1:1')
})

test.each([
  ['waits since yesterday', "state = 'ready'"],
  ['runs and says nothing', "state = 'running', beat_at = created_at"],
])('one that %s is taken up again', async (_, left) => {
  await set(left)
  expect(await rescueImports(world.app)).toBe(0)
  world.clock.now += 86_400_000
  expect(await rescueImports(world.app)).toBe(1)
  await bring()
  expect(await read()).toMatchObject({ state: 'done', imported: 1 })
  expect(await rescueImports(world.app)).toBe(0)
})

test('one that another worker is at is left alone, whatever goes wrong here', async () => {
  await set("state = 'running', beat_at = created_at")
  await bring({ ...world.app, databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })
  expect(await read()).toMatchObject({ state: 'running', reason: null })
  await set("state = 'stopped'")
})
