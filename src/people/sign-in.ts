import { newId } from '../kit/ids.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { noteAccess } from './access-log.ts'
import { type StaffActor, staffActor } from './actor.ts'
import type { Me } from './contract.ts'
import { readMe } from './me.ts'
import { verifyPassword } from './password.ts'
import type { People } from './people.ts'
import { closeSessionByToken, openSession, staffByUser } from './session-store.ts'
import { newToken, tokenHash } from './tokens.ts'
import { stepOf, typedRecoveryHash } from './totp.ts'
import { deviceMark, isKnownDevice } from './known-devices.ts'
import { accountKey, network, placeKey, secondStepKeys } from './tries.ts'

const challengeMs = 5 * 60_000
const triesPerChallenge = 5

/** Where a sign-in comes from; `token` is the session it replaces, if any. */
export type From = {
  readonly ip: string
  readonly userAgent: string
  readonly token: string | undefined
  readonly device: string | undefined
}
export type SignedIn = { readonly step: 'done'; readonly token: string; readonly device: string; readonly me: Me }

/**
 * Checks mail and password. Unknown address, wrong password and inactive account get the same answer after the same
 * work. Refuses: people.wrong-credentials (401), people.too-many-tries (429).
 */
export async function signIn(
  people: People,
  given: { mail: string; password: string },
  from: From,
  now: number,
): Promise<SignedIn | { step: 'totp'; challenge: string }> {
  const mail = given.mail.trim().toLowerCase()
  const place = placeKey(from.ip, people.triesPerPlace)
  await people.tries.begin([place, accountKey(mail, from.ip)], now)
  const { rows } = await people.db.pool.query<{ user_id: string; password_hash: string | null; totp: boolean }>(
    'select * from auth.credential($1)',
    [mail],
  )
  const account = rows[0]
  const who = { from: network(from.ip), first: isKnownDevice(people.deviceKey, from.device, mail) }
  const right = await verifyPassword(given.password, account?.password_hash, who)
  const actor = await actorOf(people, account?.user_id ?? '')
  if (!right || !account || !actor) throw new RefusalError({ code: 'people.wrong-credentials', status: 401 })
  await people.tries.forget(accountKey(mail, from.ip))
  await people.tries.undo(place)
  if (account.totp) return { step: 'totp', challenge: await openChallenge(people, account.user_id, now) }
  return beginSession(people, account.user_id, actor, from, now)
}

/**
 * The second step: a code of the authenticator app, or one of the recovery codes; each works once.
 * Refuses: people.challenge-over (401), people.wrong-code (401), people.too-many-tries (429).
 */
export async function signInTotp(
  people: People,
  given: { challenge: string; code: string },
  from: From,
  now: number,
): Promise<SignedIn> {
  const hash = tokenHash(given.challenge)
  const { rows } = await people.db.pool.query<{ user_id: string; secret: Buffer }>(
    'select * from auth.try_challenge($1, $2, $3)',
    [hash, new Date(now), triesPerChallenge],
  )
  const tried = rows[0]
  if (!tried) throw challengeOver()
  await people.tries.begin(secondStepKeys(tried.user_id, from.ip), now)
  if (!(await takeCode(people, tried, given.code, now)))
    throw new RefusalError({ code: 'people.wrong-code', status: 401 })
  const closed = await people.db.pool.query<{ done: boolean }>('select auth.close_challenge($1) as done', [hash])
  const actor = await actorOf(people, tried.user_id)
  if (!closed.rows[0]?.done || !actor) throw challengeOver()
  for (const key of secondStepKeys(tried.user_id, from.ip)) await people.tries.forget(key)
  return beginSession(people, tried.user_id, actor, from, now)
}

/** A new session with a new token, in place of the one the browser had. */
export async function beginSession(
  people: People,
  userId: string,
  actor: StaffActor,
  from: From,
  now: number,
): Promise<SignedIn> {
  if (from.token) await closeSessionByToken(people.db, tokenHash(from.token))
  const token = newToken()
  const session = { id: newId(now), hash: tokenHash(token), userId, userAgent: from.userAgent.slice(0, 300), now }
  const me = await people.db.withScope(actor.scope, async (tx) => {
    await openSession(tx, session)
    await noteAccess(
      tx,
      { org: actor.org.id, staffId: actor.staffId, what: 'people.sign-in', facts: { session: session.id } },
      now,
    )
    return readMe(tx, actor)
  })
  return { step: 'done', token, device: deviceMark(people.deviceKey, me.mail), me }
}

async function actorOf(people: People, userId: string): Promise<StaffActor | undefined> {
  const row = (await staffByUser(people.db, userId))[0]
  return row && staffActor(row)
}

async function openChallenge(people: People, userId: string, now: number): Promise<string> {
  const challenge = newToken()
  await people.db.pool.query('select auth.open_challenge($1, $2, $3, $4)', [
    tokenHash(challenge),
    userId,
    new Date(now),
    new Date(now + challengeMs),
  ])
  return challenge
}

async function takeCode(
  people: People,
  tried: { user_id: string; secret: Buffer },
  code: string,
  now: number,
): Promise<boolean> {
  const step = stepOf(people.totp, tried.user_id, tried.secret, code, now)
  if (step !== undefined) return ask(people, 'select auth.use_totp_step($1, $2) as done', [tried.user_id, step])
  const recovery = typedRecoveryHash(people.totp, tried.user_id, code)
  return (
    recovery !== undefined &&
    ask(people, 'select auth.use_recovery_code($1, $2, $3) as done', [tried.user_id, recovery, new Date(now)])
  )
}

async function ask(people: People, text: string, values: unknown[]): Promise<boolean> {
  return (await people.db.pool.query<{ done: boolean }>(text, values)).rows[0]?.done ?? false
}

function challengeOver(): RefusalError {
  return new RefusalError({ code: 'people.challenge-over', status: 401 })
}
