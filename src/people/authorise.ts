import type { FastifyRequest } from 'fastify'
import type { Database } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { type StaffActor, staffActor } from './actor.ts'
import { apiKeyActor, touchApiKey } from './api-key-actor.ts'
import { assertSameSite } from './cross-site.ts'
import { doorOf, known } from './known-callers.ts'
import { type RateLimit, tokenBuckets } from './rate.ts'
import { sessionByToken, touchSession } from './session-store.ts'
import { bearerKey, sessionToken, tokenHash } from './tokens.ts'

export type AuthoriseConfig = {
  readonly db: Database
  readonly now: () => number
  /** Where people reach the desk; https makes the cookie Secure. */
  readonly publicUrl: string
  /** Per API key; ships 50 a second, 200 at once. */
  readonly keyRate?: RateLimit
}

/** Gives the caller with `access`, or throws a RefusalError: 401 people.not-signed-in, 403 people.not-allowed, 429 request.too-many. */
export type Authorise = (request: FastifyRequest, access: string) => Promise<StaffActor>

/**
 * Who calls, by API key or session cookie, and may they. A route with access 'public' is the caller's to handle.
 * A look-up is one query and is kept for at most 2 s, so an ended session or key is refused everywhere within that.
 */
export function makeAuthorise(config: AuthoriseConfig): Authorise {
  const spend = tokenBuckets(config.keyRate ?? { perSecond: 50, burst: 200 })
  return async (request, access) => {
    if (access === 'public') throw new Error('a public route has no staff actor')
    const key = bearerKey(request.headers.authorization)
    const actor = key === undefined ? await bySession(config, request) : await byKey(config, key, spend)
    if (!mayUse(actor, access))
      throw new RefusalError({ code: 'people.not-allowed', status: 403, facts: { permission: access } })
    return actor
  }
}

/** The signed-in actor behind a Cookie header, without counting as use: for the event stream to ask again and again. */
export async function sessionActor(
  db: Database,
  now: number,
  cookieHeader: string | undefined,
): Promise<StaffActor | undefined> {
  const token = sessionToken(cookieHeader)
  return token ? (await lookUpSession(db, token, now))?.actor : undefined
}

async function bySession(config: AuthoriseConfig, request: FastifyRequest): Promise<StaffActor> {
  const token = sessionToken(request.headers.cookie)
  if (!token) throw notSignedIn()
  assertSameSite(request, config.publicUrl)
  const now = config.now()
  const found = await lookUpSession(config.db, token, now)
  if (!found) throw notSignedIn()
  await doorOf(config.db).onceAMinute(`session:${found.actor.sessionId}`, found.lastUsedAt, now, () =>
    touchSession(config.db, found.actor.sessionId ?? '', now),
  )
  return found.actor
}

async function byKey(config: AuthoriseConfig, key: string, spend: (caller: string) => void): Promise<StaffActor> {
  const found = key === '' ? undefined : await apiKeyActor(config.db, tokenHash(key))
  if (!found) throw notSignedIn()
  spend(found.caller)
  const now = config.now()
  await doorOf(config.db).onceAMinute(found.caller, 0, now, () => touchApiKey(config.db, found, now))
  return found
}

async function lookUpSession(
  db: Database,
  token: string,
  now: number,
): Promise<{ actor: StaffActor; lastUsedAt: number } | undefined> {
  const hash = tokenHash(token)
  return known(db, `session:${hash.toString('base64')}`, async () => {
    const row = await sessionByToken(db, hash, now)
    return row && { actor: staffActor(row, row.session_id), lastUsedAt: row.last_used_at }
  })
}

// Everyone who is signed in may look after their own account, whatever their roles; an API key has no such account.
function mayUse(actor: StaffActor, access: string): boolean {
  return access === 'self' ? actor.kind === 'staff' : (actor.permissions as ReadonlySet<string>).has(access)
}

function notSignedIn(): RefusalError {
  return new RefusalError({ code: 'people.not-signed-in', status: 401 })
}
