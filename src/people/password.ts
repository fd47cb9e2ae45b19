import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { RefusalError } from '../kit/pure/result.ts'
import { fairTurns, type Waiter } from './turns.ts'

/** 32 MiB and three passes: OWASP's setting for scrypt; 250 ms of one core here. The cost is stored beside each hash and may rise. */
const standard = { log2N: 15, r: 8, p: 3 }
/** What a hash costs to make and to check: scrypt's log2 of N, r and p. */
export type HashCost = typeof standard
const hashBytes = 32

// Two at a time leave half of libuv's four threads to files and DNS; a queue this long is 6 s.
const turns = fairTurns({ atOnce: 2, longest: 48 })
/** Whoever changes a password is signed in. */
const inside: Waiter = { from: 'inside', first: true }

/**
 * scrypt$log2N$r$p$salt$hash. Waits its turn; refuses with people.too-many-tries when too many wait.
 * Only tests, who sign in by the hundred, spend less than the standard on it.
 */
export async function hashPassword(password: string, cost: HashCost = standard): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost, inside)
  return ['scrypt', cost.log2N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether the password is the hashed one. Without a hash it takes as long and says no, so that time tells nothing. */
export async function verifyPassword(
  password: string,
  stored: string | null | undefined,
  who: Waiter = inside,
): Promise<boolean> {
  const [kind, log2N, r, p, salt, hash] = (stored ?? '').split('$')
  if (kind !== 'scrypt' || !salt || !hash) {
    await derive(password, randomBytes(16), standard, who)
    return false
  }
  const wanted = Buffer.from(hash, 'base64url')
  const asStored = { log2N: Number(log2N), r: Number(r), p: Number(p) }
  const given = await derive(password, Buffer.from(salt, 'base64url'), asStored, who)
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

async function derive(password: string, salt: Buffer, { log2N, r, p }: HashCost, who: Waiter): Promise<Buffer> {
  const end = await turns.take(who)
  if (!end) throw new RefusalError({ code: 'people.too-many-tries', status: 429, facts: { retryAfter: 5 } })
  try {
    return await new Promise((resolve, reject) => {
      // The same password typed on another keyboard may be composed differently.
      scrypt(
        password.normalize('NFKC'),
        salt,
        hashBytes,
        { N: 2 ** log2N, r, p, maxmem: 256 * 1024 * 1024 },
        (error, key) => (error ? reject(error) : resolve(key)),
      )
    })
  } finally {
    end()
  }
}
