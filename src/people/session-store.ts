import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import type { StaffRow } from './actor.ts'
import { absoluteMs, idleMs } from './tokens.ts'

// The functions of 0004_auth.sql: the app role reaches schema auth through them alone.

/** A session as its owner sees it in the list. */
export type SessionRow = {
  id: string
  user_agent: string
  created_at: number
  last_used_at: number
  expires_at: number
}
export type ActiveSession = StaffRow & { session_id: string; user_id: string; last_used_at: number }

/** The session's actor in one query and one round trip: outside a transaction, prepared once a connection. */
export async function sessionByToken(db: Database, hash: Buffer, now: number): Promise<ActiveSession | undefined> {
  const { rows } = await db.pool.query<ActiveSession>({
    name: 'session-by-token',
    text: 'select * from auth.session_by_token($1, $2, $3)',
    values: [hash, new Date(now), new Date(now - idleMs)],
  })
  return rows[0]
}

/** The staff memberships of an account, oldest organisation first. */
export async function staffByUser(db: Database, userId: string): Promise<StaffRow[]> {
  const { rows } = await db.pool.query<StaffRow>('select * from staff_by_user($1) order by org_no', [userId])
  return rows
}

export async function touchSession(db: Database, id: string, now: number): Promise<void> {
  await db.pool.query('select auth.touch_session($1, $2)', [id, new Date(now)])
}

export async function closeSessionByToken(db: Database, hash: Buffer): Promise<void> {
  await db.pool.query('select auth.close_session_by_token($1)', [hash])
}

/** In a scope: opens a session in the scope's organisation. */
export async function openSession(
  tx: Tx,
  s: { id: string; hash: Buffer; userId: string; userAgent: string; now: number },
): Promise<void> {
  const ends = new Date(s.now + absoluteMs)
  await tx.run(
    sql`select auth.open_session(${s.id}, ${s.hash}, ${s.userId}, ${s.userAgent}, ${new Date(s.now)}, ${ends})`,
  )
}

export function sessionsOf(tx: Tx, userId: string, now: number): Promise<SessionRow[]> {
  return tx.rows(
    sql<SessionRow>`select * from auth.sessions_of(${userId}, ${new Date(now)}, ${new Date(now - idleMs)})`,
  )
}

/** Whether there was such a session of this account. */
export async function closeSession(tx: Tx, userId: string, id: string): Promise<boolean> {
  return (await tx.first(sql<{ done: boolean }>`select auth.close_session(${userId}, ${id}) as done`))?.done ?? false
}

/** Ends all sessions of an account but one; gives how many. */
export async function closeSessions(tx: Tx, userId: string, except?: string): Promise<number> {
  return (await tx.first(sql<{ n: number }>`select auth.close_sessions(${userId}, ${except ?? null}) as n`))?.n ?? 0
}
