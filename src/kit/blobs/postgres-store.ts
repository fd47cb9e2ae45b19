import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { PoolClient } from 'pg'
import {
  assertSha256,
  BlobMissing,
  type BlobStore,
  BlobStoreFull,
  healthOf,
  type StoredBlob,
  verified,
} from './blob-store.ts'
import { whenRoom, writeThrough } from './write-through.ts'

export const CHUNK_BYTES = 512 * 1024
const LIST_PAGE = 500
const DISK_FULL = '53100'

export type PostgresStoreOptions = {
  readonly orgId: string
  /** Runs `fn` in one transaction scoped to the organisation: COMMIT when it resolves, ROLLBACK when it throws. */
  readonly withClient: <T>(fn: (client: PoolClient) => Promise<T>) => Promise<T>
  /** Where bytes wait for their hash; the system's temporary folder when left out. */
  readonly spoolDir?: string
}

/**
 * Blobs as rows of `blob_chunk(org_id, sha256, no, bytes)`, 512 KiB each.
 *
 * Bytes are spooled to a file first, and read chunk by chunk, each in its own transaction: a slow caller must neither
 * hold a connection nor, by an open transaction id, hold back the `stream` readers (they stop at `pg_snapshot_xmin`).
 */
export function postgresStore({ orgId, withClient, spoolDir = tmpdir() }: PostgresStoreOptions): BlobStore {
  const store: BlobStore = {
    put: (source) =>
      withSpool(spoolDir, async (spool) => {
        const blob = await writeThrough(source, spool)
        await withClient((client) => insertChunks(client, orgId, blob, spool)).catch(fullWhenDiskFull)
        return blob
      }),

    async get(sha256) {
      assertSha256(sha256)
      const first = await withClient((client) => readChunk(client, orgId, sha256, 0))
      if (!first) throw new BlobMissing(sha256)
      return Readable.from(verified(chunksAfter(first, sha256), sha256), { objectMode: false })
    },

    async has(sha256) {
      assertSha256(sha256)
      return withClient((client) => hasChunks(client, orgId, sha256))
    },

    async delete(sha256) {
      assertSha256(sha256)
      const sql = `delete from blob_chunk where org_id = $1 and sha256 = decode($2, 'hex')`
      await withClient((client) => client.query(sql, [orgId, sha256]))
    },

    async sweep(before, unused) {
      let gone = 0
      let after = ''
      for (;;) {
        const page = await withClient((client) => oldPage(client, orgId, before, after))
        if (page.length === 0) return gone
        for (const sha256 of await unused(page))
          gone += await withClient((client) => deleteOld(client, orgId, sha256, before))
        after = page.at(-1) ?? after
      }
    },

    async *list() {
      let page: StoredBlob[] = []
      do {
        const after = page.at(-1)?.sha256 ?? ''
        page = await withClient((client) => listPage(client, orgId, after))
        yield* page
      } while (page.length === LIST_PAGE)
    },

    check: (sha256) => healthOf(store, sha256),
  }

  async function* chunksAfter(first: Buffer, sha256: string): AsyncGenerator<Buffer> {
    let chunk: Buffer | undefined = first
    for (let no = 1; chunk; no++) {
      yield chunk
      if (chunk.length < CHUNK_BYTES) return
      chunk = await withClient((client) => readChunk(client, orgId, sha256, no))
    }
  }

  return store
}

/** Runs `work` with an unnamed file: it is unlinked at once, so that not even SIGKILL leaves it behind. */
async function withSpool<T>(parent: string, work: (spool: FileHandle) => Promise<T>): Promise<T> {
  const folder = await whenRoom(mkdtemp(join(parent, 'redress-spool-')))
  const spool = await whenRoom(open(join(folder, 'spool'), 'wx+', 0o600)).finally(() => rm(folder, { recursive: true }))
  try {
    return await work(spool)
  } finally {
    await spool.close()
  }
}

/** All chunks in one transaction; two puts of the same bytes at once meet in ON CONFLICT. A corrupt blob is mended by delete, then put. */
async function insertChunks(client: PoolClient, orgId: string, blob: StoredBlob, spool: FileHandle): Promise<void> {
  const sql = `insert into blob_chunk (org_id, sha256, no, bytes) values ($1, decode($2, 'hex'), $3, $4)
    on conflict (org_id, sha256, no) do update set put_at = now()`
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, blob.size))
  for (let no = 0; no * CHUNK_BYTES < blob.size || no === 0; no++) {
    const bytes = await readFully(spool, chunk, no * CHUNK_BYTES, blob.size)
    await client.query(sql, [orgId, blob.sha256, no, bytes])
  }
}

async function readFully(spool: FileHandle, into: Buffer, position: number, size: number): Promise<Buffer> {
  const length = Math.min(into.length, size - position)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await spool.read(into, filled, length - filled, position + filled)
    if (bytesRead === 0) throw new Error('the spool file became shorter')
    filled += bytesRead
  }
  return into.subarray(0, length)
}

async function readChunk(client: PoolClient, orgId: string, sha256: string, no: number): Promise<Buffer | undefined> {
  const sql = `select bytes from blob_chunk where org_id = $1 and sha256 = decode($2, 'hex') and no = $3`
  const { rows } = await client.query<{ bytes: Buffer }>(sql, [orgId, sha256, no])
  return rows[0]?.bytes
}

async function hasChunks(client: PoolClient, orgId: string, sha256: string): Promise<boolean> {
  const sql = `select 1 from blob_chunk where org_id = $1 and sha256 = decode($2, 'hex') and no = 0`
  return (await client.query(sql, [orgId, sha256])).rowCount === 1
}

async function oldPage(client: PoolClient, orgId: string, before: number, after: string): Promise<string[]> {
  const sql = `select encode(sha256, 'hex') as sha256 from blob_chunk
    where org_id = $1 and no = 0 and put_at < $2 and sha256 > decode($3, 'hex') order by blob_chunk.sha256 limit ${LIST_PAGE}`
  const { rows } = await client.query<{ sha256: string }>(sql, [orgId, new Date(before), after])
  return rows.map((row) => row.sha256)
}

/** 1 when it was still old: a put under way holds the rows, and makes them young. */
async function deleteOld(client: PoolClient, orgId: string, sha256: string, before: number): Promise<number> {
  const sql = `delete from blob_chunk where org_id = $1 and sha256 = decode($2, 'hex') and put_at < $3`
  return (await client.query(sql, [orgId, sha256, new Date(before)])).rowCount ? 1 : 0
}

async function listPage(client: PoolClient, orgId: string, after: string): Promise<StoredBlob[]> {
  const sql = `select encode(sha256, 'hex') as sha256, sum(octet_length(bytes)) as size from blob_chunk
    where org_id = $1 and sha256 > decode($2, 'hex') group by blob_chunk.sha256 order by blob_chunk.sha256 limit ${LIST_PAGE}`
  const { rows } = await client.query<{ sha256: string; size: string }>(sql, [orgId, after])
  return rows.map(({ sha256, size }) => ({ sha256, size: Number(size) }))
}

function fullWhenDiskFull(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === DISK_FULL) throw new BlobStoreFull(error)
  throw error
}
