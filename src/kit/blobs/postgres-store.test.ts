import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../db/database.ts'
import { freshDatabase, type TestDatabase } from '../testing/database.ts'
import type { BlobStore } from './blob-store.ts'
import { blobStoreSuite } from './blob-store-suite.ts'
import { CHUNK_BYTES, postgresStore } from './postgres-store.ts'

const orgId = '018f0000-0000-7000-8000-000000000001'
const otherOrg = '018f0000-0000-7000-8000-000000000002'

let spoolDir = ''
let fresh: TestDatabase
let database: Database

beforeAll(async () => {
  spoolDir = await mkdtemp(join(tmpdir(), 'redress-spool-test-'))
  fresh = await freshDatabase()
  database = openDatabase(fresh.url)
  for (const [org, no] of [
    [orgId, 1],
    [otherOrg, 2],
  ]) {
    const sql = 'insert into organisation (org_id, no, slug, name, created_at) values ($1, $2, $3, $4, $5)'
    const values = [org, no, `org-${no}`, '{}', '2026-03-01T00:00:00Z']
    await database.withScope({ org: `${org}` }, ({ client }) => client.query(sql, values))
  }
})

afterAll(async () => {
  await database?.close()
  await fresh?.drop()
  await rm(spoolDir, { recursive: true })
})

beforeEach(async () => {
  for (const org of [orgId, otherOrg]) await query(org, 'delete from blob_chunk')
})

describe('blobs in PostgreSQL', () => {
  blobStoreSuite(() => ({
    store: storeOf(orgId),
    other: storeOf(otherOrg),
    damage: () => query(orgId, `update blob_chunk set bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 1) where no = 1`),
    truncate: () => query(orgId, `delete from blob_chunk where no = 1`),
  }))

  it('cuts bytes into chunks of 512 KiB', async () => {
    await storeOf(orgId).put(Readable.from([Buffer.alloc(CHUNK_BYTES * 2 + 5, 1)]))
    const sql = 'select no, octet_length(bytes) as length from blob_chunk order by no'
    const { rows } = await database.withScope({ org: orgId }, ({ client }) => client.query(sql))
    expect(rows.map(({ no, length }) => [no, length])).toEqual([
      [0, CHUNK_BYTES],
      [1, CHUNK_BYTES],
      [2, 5],
    ])
  })

  it('holds no connection while a caller sends slowly or reads slowly', async () => {
    const narrow = openDatabase(fresh.url, { max: 1 })
    const store = storeOf(orgId, narrow)
    const { sha256 } = await store.put(Readable.from(slowly(() => store.has('0'.repeat(64)))))
    for await (const _ of await store.get(sha256)) expect(await store.has(sha256)).toBe(true)
    await narrow.close()
  })

  it('lists across pages', async () => {
    const sql = `insert into blob_chunk select $1, sha256(n::text::bytea), 0, 'x' from generate_series(1, 1001) n`
    await query(orgId, sql, [orgId])
    let count = 0
    for await (const { size } of storeOf(orgId).list()) count += size
    expect(count).toBe(1001)
  })

  it('refuses with 507 when the database has no room', async () => {
    const store = postgresStore({ orgId, spoolDir, withClient: diskFull })
    await expect(store.put(Readable.from([Buffer.from('x')]))).rejects.toMatchObject({
      refusal: { code: 'files.storage-full', status: 507 },
    })
  })

  it('leaves nothing in the spool folder', async () => {
    await storeOf(orgId).put(Readable.from([Buffer.from('x')]))
    expect(await readdir(spoolDir)).toEqual([])
  })
})

function storeOf(org: string, db = database): BlobStore {
  return postgresStore({ orgId: org, spoolDir, withClient: (fn) => db.withScope({ org }, ({ client }) => fn(client)) })
}

async function query(org: string, sql: string, values: unknown[] = []): Promise<void> {
  await database.withScope({ org }, ({ client }) => client.query(sql, values))
}

async function* slowly(between: () => Promise<unknown>): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < 3; piece++) {
    yield Buffer.alloc(CHUNK_BYTES, piece)
    await between()
  }
}

/** The server raises the real error code itself. */
function diskFull(): Promise<never> {
  return database.withScope({ org: orgId }, async ({ client }) => {
    await client.query(`do $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`)
    throw new Error('unreachable')
  })
}
