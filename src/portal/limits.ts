import { createHash, randomBytes } from 'node:crypto'
import { RefusalError } from '../kit/pure/result.ts'

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
  /** Throws `request.too-many` while this reference has to wait. */
  check(reference: string, now: number): void
  wrong(reference: string, now: number): void
  right(reference: string): void
}

const FREE_TRIES = 5
const FIRST_WAIT_MS = 15_000
const MAX_WAIT_MS = 15 * 60_000

/** Wrong secrets of one reference: five are free, then each doubles the wait, 15 s to 15 minutes. */
export function makeTries(): Tries {
  const failed = new Map<string, { n: number; until: number }>()
  return {
    check(reference, now) {
      const entry = failed.get(reference)
      if (entry && entry.until > now) throw tooMany(entry.until - now)
    },
    wrong(reference, now) {
      const n = (failed.get(reference)?.n ?? 0) + 1
      const wait = n < FREE_TRIES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (n - FREE_TRIES), MAX_WAIT_MS)
      keep(failed, reference, { n, until: now + wait })
    },
    right(reference) {
      failed.delete(reference)
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
