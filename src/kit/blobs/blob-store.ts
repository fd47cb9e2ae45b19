import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { RefusalError } from '../pure/result.ts'

/** What a blob is known by: `sha256` in 64 lower-case hex characters, `size` in bytes. */
export type StoredBlob = { readonly sha256: string; readonly size: number }

/** `good`: the bytes still have their hash; `corrupt`: they do not; `missing`: there are none. */
export type BlobHealth = 'good' | 'corrupt' | 'missing'

/** Which of these hashes nobody needs. */
export type Unused = (sha256s: readonly string[]) => Promise<readonly string[]>

/**
 * The bytes of one organisation, each kept once under its hash. A blob is durable when `put` resolves, so put first and
 * write the row that names it after. `delete` knows nothing of rows: let no `put` of the same bytes run beside it.
 */
export interface BlobStore {
  /** Keeps the bytes. An error of `source` comes out as it is and leaves nothing; BlobStoreFull when there is no room. */
  put(source: AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** Throws BlobMissing; the stream fails with BlobCorrupt at its end when the bytes no longer have their hash. */
  get(sha256: string): Promise<Readable>
  has(sha256: string): Promise<boolean>
  /** Quietly does nothing for a blob that is not there. */
  delete(sha256: string): Promise<void>
  /**
   * Deletes what was last put before `before` (epoch ms) and is, by `unused`, of no use; gives how many. A put of the same
   * bytes may run beside it: those stay.
   */
  sweep(before: number, unused: Unused): Promise<number>
  /** Every blob once, in order of hash. */
  list(): AsyncIterable<StoredBlob>
  /** Reads all bytes again and compares them with their hash. */
  check(sha256: string): Promise<BlobHealth>
}

/** The disk, the quota or the database has no room for more bytes. */
export class BlobStoreFull extends RefusalError {
  constructor(cause: unknown) {
    super({ code: 'files.storage-full', status: 507 })
    this.cause = cause
  }
}

export class BlobMissing extends RefusalError {
  constructor(sha256: string) {
    super({ code: 'files.missing', status: 404, facts: { sha256 } })
  }
}

export class BlobCorrupt extends Error {
  constructor(sha256: string) {
    super(`the bytes of blob ${sha256} no longer have this hash`)
  }
}

/** Guards every path and query; TypeError, because a hash that is none is a defect (or an attack). */
export function assertSha256(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('not a SHA-256 in lower-case hex')
}

/** The same bytes; fails at the end with BlobCorrupt, so that a truncated download is never taken for a whole one. */
export async function* verified(source: AsyncIterable<Uint8Array>, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const bytes of source) {
    hash.update(bytes)
    yield bytes
  }
  if (hash.digest('hex') !== sha256) throw new BlobCorrupt(sha256)
}

/** `check` for any store, by reading through its `get`. */
export async function healthOf(store: Pick<BlobStore, 'get'>, sha256: string): Promise<BlobHealth> {
  try {
    for await (const _ of await store.get(sha256)) continue
    return 'good'
  } catch (error) {
    if (error instanceof BlobMissing) return 'missing'
    if (error instanceof BlobCorrupt) return 'corrupt'
    throw error
  }
}
