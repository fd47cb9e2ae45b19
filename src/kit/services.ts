import type { Logger } from 'pino'
import type { BlobStore } from './blobs/blob-store.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'

/** What every slice may use; wired once in src/app.ts. Time comes from `now()`, at entry points only. */
export type Services = {
  readonly config: Config
  readonly db: Database
  readonly now: () => number
  /** A key of its own for each purpose, by HKDF from the master secret. */
  readonly subkey: (purpose: string) => Buffer
  readonly blobs: (org: string) => BlobStore
  readonly log: Logger
  /** Tells readers of the stream that something was committed; coalesced. */
  readonly wake: (org: string) => void
  readonly numbers: { next(org: string, year: number): Promise<string> }
}
