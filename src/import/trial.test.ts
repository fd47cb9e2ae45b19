import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../../test/world/world.ts'
import { newId } from '../kit/ids.ts'
import { readInThread } from './read-in-thread.ts'
import { addRun, type RunRow } from './runs.ts'

// What the screen asks of a file that waits: read in a thread, so that nobody else waits for it.

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

/** A file as the screen puts it there. */
async function waits(name: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const { app, clock, home } = world
  const { org } = home
  const blob = await app.blobs(org).put(bytes)
  const id = newId(clock.now)
  await app.db.withScope({ org }, async (tx) => {
    await tx.run(
      sql`insert into blob (org_id, sha256, size, created_at) values (${org}, decode(${blob.sha256}, 'hex'), ${blob.size}, ${new Date(clock.now)})`,
    )
    const given = {
      id,
      source: 'file',
      fileName: name,
      blob: blob.sha256,
      fileHash: blob.sha256,
      total: null,
      staffId: null,
    }
    await addRun(
      tx,
      org,
      { ...given, format: {} as RunRow['format'], mapping: {} as RunRow['mapping'] },
      clock.now,
      'new',
    )
  })
  return id
}
const ask = (id: string, what: string, body: object) =>
  world.as('admin')('POST', `/api/v1/settings/imports/${id}/${what}`, body)

test('while a file of 60 MB is tried, others are answered; it says what would come in, and that these are not all', async () => {
  const words = 'smoke and sparks '.repeat(170)
  const rows = function* () {
    yield Buffer.from('id,received,closed,type,description\n')
    for (let i = 0; i < 21_000; i += 1) yield Buffer.from(`R-${i},2024-03-01,2024-03-02,Kettle ${i % 3},"${words}"\n`)
  }
  const id = await waits('large.csv', Readable.from(rows()))
  const looked = (await ask(id, 'look', {})).json()
  expect(looked.mapping.columns).toMatchObject({ id: 'id', received: 'received', text: 'description' })
  let ended = false
  const trial = ask(id, 'trial', { mapping: looked.mapping }).finally(() => {
    ended = true
  })
  const others: boolean[] = []
  for (let i = 0; i < 3; i += 1) {
    expect((await world.as('mei')('GET', '/api/v1/complaints')).statusCode).toBe(200)
    others.push(ended)
  }
  expect(others).toEqual([false, false, false])
  const reply = await trial
  expect(reply.statusCode, reply.body.slice(0, 300)).toBe(200)
  const { counts, whole, unknown } = reply.json()
  expect(whole).toBe(false)
  expect(counts.ready).toBe(counts.rows)
  expect(counts.bad).toBe(0)
  expect(unknown.map((u: { value: string }) => u.value).sort()).toEqual(['Kettle 0', 'Kettle 1', 'Kettle 2'])
}, 60_000)

test.each([
  ['a gzip bomb', 'bomb.csv.gz', () => gzipSync(Buffer.alloc(20_000_000, ' ')), 'import.file-bomb'],
  ['half a gzip', 'half.csv.gz', () => gzipSync('id,received\n'.repeat(99)).subarray(0, 40), 'import.file-broken'],
  ['no workbook', 'x.xlsx', () => Buffer.from('PK\u0003\u0004 nothing'), 'import.file-broken'],
  ['nothing', 'empty.csv', () => Buffer.from(' '), 'import.no-rows'],
])('%s is refused by its name, and the program goes on', async (_, name, bytes, code) => {
  const id = await waits(name, Readable.from([bytes()]))
  const reply = await ask(id, 'look', {})
  expect([reply.statusCode, reply.json().code]).toEqual([422, code])
})

test('a file that is not read to its end in time is given up, and another that is read with it is not', async () => {
  const { app, clock, home } = world
  const given = { org: home.org, now: clock.now }
  const endless = async function* () {
    await new Promise(() => undefined)
    yield Buffer.alloc(0)
  }
  const slow = { name: 'slow.csv', size: 10, open: async () => endless() }
  const small = Buffer.from('id,received,description\n1,2024-03-01,Kettle\n')
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const open = async function* () {
    await held
    yield small
  }
  const other = { name: 'other.csv', size: small.length, open: async () => open() }
  const both = [
    readInThread(app, given, slow, { look: {} }, 300),
    readInThread(app, given, other, { look: {} }),
  ] as const
  await expect(both[0]).rejects.toMatchObject({ refusal: { code: 'import.too-slow' } })
  release()
  expect((await both[1]).looked?.mapping.columns).toMatchObject({ id: 'id', received: 'received' })
})

test('a mapping that does not fit is refused where it is wrong', async () => {
  const id = await waits('small.csv', Readable.from([Buffer.from('id,received\n1,2024-03-01\n')]))
  for (const [mapping, where] of [
    [{ columns: { received: 'gone' } }, 'gone'],
    [{ columns: { id: 'id' } }, 'received'],
    [{ columns: { received: 'received' }, dates: { format: 'soon', zone: 'UTC' } }, 'dates'],
  ] as const)
    for (const what of ['trial', 'start']) {
      const reply = await ask(id, what, { mapping })
      expect([reply.statusCode, reply.json().code]).toEqual([422, 'import.mapping-wrong'])
      expect(reply.body).toContain(where)
    }
})
