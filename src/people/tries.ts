import { isIPv6 } from 'node:net'
import type { Database } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { hmac } from '../kit/secrets.ts'

export type Tries = {
  /** Counts a try before it is checked; refuses with 429 people.too-many-tries while it must wait. */
  begin(keys: readonly TryKey[], now: number): Promise<void>
  /** It was right: the count of this key starts anew. */
  forget(key: TryKey): Promise<void>
  /** It was right: this one does not count. */
  undo(key: TryKey): Promise<void>
}

export type TryKey = { readonly what: string; readonly free: number }

/**
 * Tries by keyed hash, in the database so that all processes count together, and outside the caller's transaction so
 * that a refusal does not undo the count.
 */
export function tries(db: Database, key: Buffer): Tries {
  const hashOf = (what: string) => hmac(key, what).subarray(0, 16)
  return {
    begin: async (keys, now) => {
      for (const { what, free } of keys) {
        const { rows } = await db.pool.query<{ wait: number }>('select auth.begin_try($1, $2, $3) as wait', [
          hashOf(what),
          free,
          new Date(now),
        ])
        const wait = rows[0]?.wait ?? 0
        if (wait > 0)
          throw new RefusalError({
            code: 'people.too-many-tries',
            status: 429,
            facts: { retryAfter: Math.ceil(wait / 1000) },
          })
      }
    },
    forget: async ({ what }) => {
      await db.pool.query('select auth.forget_try($1)', [hashOf(what)])
    },
    undo: async ({ what }) => {
      await db.pool.query('select auth.undo_try($1)', [hashOf(what)])
    },
  }
}

/** One account from one place: someone else's tries from elsewhere never keep the real person out. */
export function accountKey(mail: string, ip: string): TryKey {
  return { what: `account ${mail} ${network(ip)}`, free: 5 }
}

/** One place, whatever the accounts: an office behind one address may mistype often. */
export function placeKey(ip: string, free: number): TryKey {
  return { what: `place ${network(ip)}`, free }
}

/** The second step of sign-in: whoever is here knows the password, so a wide limit on the account is right. */
export function secondStepKeys(userId: string, ip: string): readonly TryKey[] {
  return [
    { what: `second step ${userId} ${network(ip)}`, free: 5 },
    { what: `second step ${userId}`, free: 20 },
  ]
}

/** Asking for the password or a code again, inside a session. */
export function insideKey(userId: string): TryKey {
  return { what: `inside ${userId}`, free: 5 }
}

/** A household or office has a /64 of IPv6 to try from. */
export function network(ip: string): string {
  if (!isIPv6(ip) || ip.startsWith('::ffff:')) return ip.replace('::ffff:', '')
  const [head = '', tail = ''] = ip.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const all = ip.includes('::')
    ? [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
  return all
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')
}
