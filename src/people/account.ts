import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError, valueOf } from '../kit/pure/result.ts'
import { noteAccess } from './access-log.ts'
import type { StaffActor } from './actor.ts'
import { goodPassword } from './domain/password-rule.ts'
import { accountOf } from './me.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { People } from './people.ts'
import { storePassword } from './staff.ts'
import { newRecoveryCodes, newSecret, stepOf } from './totp.ts'
import { insideKey } from './tries.ts'

// Hashing takes a quarter of a second: it happens before a transaction is open.

/** Changes the actor's password and ends their other sessions. Refuses people.wrong-password, people.weak-password. */
export async function changePassword(
  people: People,
  actor: StaffActor,
  given: { current: string; next: string },
  now: number,
): Promise<void> {
  const { mail } = await checkPassword(people, actor, given.current, now)
  const hash = await hashPassword(valueOf(goodPassword(given.next, mail)))
  const doing = { org: actor.org.id, now, by: actor.staffId }
  await people.db.withScope(actor.scope, (tx) => storePassword(tx, doing, actor.staffId ?? '', hash, actor.sessionId))
}

/** Begins enrolment of an authenticator app; asked for at sign-in only after it is confirmed. Refuses people.totp-on. */
export async function enrolTotp(
  people: People,
  actor: StaffActor,
  password: string,
  now: number,
): Promise<{ secret: string; url: string }> {
  const { userId, mail } = await checkPassword(people, actor, password, now)
  const { sealed, secret, url } = newSecret(people.totp, userId, mail, 'Redress')
  const begun = await people.db.withScope(actor.scope, (tx) =>
    ask(tx, sql`select auth.begin_two_factor(${userId}, ${sealed}, ${new Date(now)}) as done`),
  )
  if (!begun) throw new RefusalError({ code: 'people.totp-on', status: 409 })
  return { secret, url }
}

/** Turns the second factor on and gives the recovery codes, this once. Refuses people.totp-not-begun, people.wrong-code. */
export async function confirmTotp(
  people: People,
  actor: StaffActor,
  code: string,
  now: number,
): Promise<{ recoveryCodes: string[] }> {
  const { userId } = await people.db.withScope(actor.scope, (tx) => accountOf(tx, actor), 'read')
  await people.tries.begin([insideKey(userId)], now)
  const { codes, hashes } = newRecoveryCodes(people.totp, userId)
  await people.db.withScope(actor.scope, async (tx) => {
    const begun = await tx.first(
      sql<{ secret: Buffer; confirmed: boolean }>`select * from auth.two_factor_of(${userId})`,
    )
    if (!begun || begun.confirmed) throw new RefusalError({ code: 'people.totp-not-begun', status: 409 })
    const step = stepOf(people.totp, userId, begun.secret, code, now)
    const right = step !== undefined && (await ask(tx, sql`select auth.use_totp_step(${userId}, ${step}) as done`))
    if (!right) throw new RefusalError({ code: 'people.wrong-code', status: 422 })
    await ask(tx, sql`select auth.confirm_two_factor(${userId}, ${hashes}::bytea[], ${new Date(now)}) as done`)
    await noteAccess(tx, { org: actor.org.id, staffId: actor.staffId, what: 'people.totp-on' }, now)
  })
  await people.tries.forget(insideKey(userId))
  return { recoveryCodes: codes }
}

/** Turns the second factor off. */
export async function disableTotp(people: People, actor: StaffActor, password: string, now: number): Promise<void> {
  const { userId } = await checkPassword(people, actor, password, now)
  await people.db.withScope(actor.scope, (tx) =>
    dropTotp(tx, { org: actor.org.id, now, by: actor.staffId }, userId, actor.staffId ?? ''),
  )
}

/** For a member who lost their device. */
export async function dropTotp(
  tx: Tx,
  doing: { org: string; now: number; by?: string | undefined },
  userId: string,
  staffId: string,
): Promise<void> {
  await ask(tx, sql`select auth.drop_two_factor(${userId}) as done`)
  await noteAccess(
    tx,
    { org: doing.org, staffId: doing.by, what: 'people.totp-off', facts: { staff: staffId } },
    doing.now,
  )
}

async function checkPassword(
  people: People,
  actor: StaffActor,
  password: string,
  now: number,
): Promise<{ userId: string; mail: string }> {
  const account = await people.db.withScope(actor.scope, (tx) => accountOf(tx, actor), 'read')
  await people.tries.begin([insideKey(account.userId)], now)
  if (!(await verifyPassword(password, account.passwordHash)))
    throw new RefusalError({ code: 'people.wrong-password', status: 422 })
  await people.tries.forget(insideKey(account.userId))
  return account
}

async function ask(tx: Tx, query: ReturnType<typeof sql>): Promise<boolean> {
  const row = await tx.first(query as ReturnType<typeof sql<{ done: boolean }>>)
  return row?.done ?? false
}
