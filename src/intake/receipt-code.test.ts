import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../test/world/world.ts'
import { backup } from '../operations/index.ts'

let world: World
let client: pg.Client
beforeAll(async () => {
  world = await startWorld()
  client = new pg.Client({ connectionString: world.url })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await world.stop()
})

const headers = { 'idempotency-key': 'the-same-twice' }
const body = { channel: 'phone', text: '同一件' }
const post = () => world.as('intake')('POST', '/api/v1/complaints', body, headers)

it('the receipt code is told again to whoever repeats the request, and stands nowhere in database or backup', async () => {
  const first = await post()
  const again = await post()
  expect(again.headers['idempotent-replay']).toBe('true')
  expect(again.json()).toEqual(first.json())
  const { secret, number } = first.json<{ secret: string; number: string }>()
  expect(secret).toMatch(/^[0-9A-Z]{10}$/)
  expect(await tablesWith(number)).toContain('public.idempotency')
  expect(await tablesWith(secret)).toEqual([])
  const into = await mkdtemp(join(tmpdir(), 'redress-code-'))
  const { folder } = await backup(world.app, { into })
  expect(await filesWith(folder, number)).not.toEqual([])
  expect(await filesWith(folder, secret)).toEqual([])
  await rm(into, { recursive: true })
})

/** Every table with a row that has this text, as characters or as bytes. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select schemaname || '.' || tablename as name from pg_tables where schemaname in ('public', 'auth', 'meta', 'graphile_worker')`,
  )
  const found: string[] = []
  for (const { name } of rows) {
    const hit = await client.query(`select from ${name} t where t::text like any ($1)`, [
      [`%${text}%`, `%${Buffer.from(text).toString('hex')}%`],
    ])
    if (hit.rowCount) found.push(name)
  }
  return found
}

async function filesWith(folder: string, text: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.gz'))
  const found: string[] = []
  for (const name of names) if (gunzipSync(await readFile(join(folder, name))).includes(text)) found.push(name)
  return found
}
