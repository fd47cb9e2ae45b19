import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { hmac } from '../kit/secrets.ts'

/** How often a caller may do a thing, counted in memory only: nothing of who called is stored or logged. */
export type Limits = {
  /** Counts one; throws `request.too-many` (429) above `perMinute`. */
  count(what: string, address: string, perMinute: number, now: number): void
}

const WINDOW_MS = 60_000
const MAX_KEYS = 50_000

/** Addresses are kept as salted hashes of this process, for a minute. */
export function makeLimits(): Limits {
  const salt = randomBytes(16)
  const seen = new Map<string, { since: number; n: number }>()
  return {
    count(what, address, perMinute, now) {
      const key = createHash('sha256').update(salt).update(`${what}|${address}`).digest('base64url')
      const entry = seen.get(key)
      const fresh = entry && now - entry.since < WINDOW_MS ? entry : { since: now, n: 0 }
      fresh.n += 1
      keep(seen, key, fresh)
      if (fresh.n > perMinute) throw tooMany(fresh.since + WINDOW_MS - now)
    },
  }
}

export type Tries = {
  /** Counts a try before it is checked; throws `request.too-many` while this reference has to wait. */
  begin(reference: string, now: number): Promise<void>
  right(reference: string): Promise<void>
}

const FREE_TRIES = 5

/**
 * Wrong secrets of one reference: five are free, then each doubles the wait, 1 s to 15 minutes. Counted in the database, by
 * all processes together; of the reference a keyed hash, of the caller nothing.
 */
export function storedTries(db: Database, key: Buffer): Tries {
  const hashOf = (reference: string) => hmac(key, reference).subarray(0, 16)
  return {
    async begin(reference, now) {
      const { rows } = await db.pool.query<{ wait: number }>('select auth.begin_try($1, $2, $3) as wait', [
        hashOf(reference),
        FREE_TRIES,
        new Date(now),
      ])
      const wait = rows[0]?.wait ?? 0
      if (wait > 0) throw tooMany(wait)
    },
    async right(reference) {
      await db.pool.query('select auth.forget_try($1)', [hashOf(reference)])
    },
  }
}

/** The oldest makes room, so that a flood cannot fill the memory. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  const oldest = map.keys().next()
  if (map.size > MAX_KEYS && !oldest.done) map.delete(oldest.value)
}

function tooMany(ms: number): RefusalError {
  return new RefusalError({ code: 'request.too-many', status: 429, facts: { retryAfter: Math.ceil(ms / 1000) } })
}
