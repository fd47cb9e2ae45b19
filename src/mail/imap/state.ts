import { sql } from 'kysely'
import type { Database } from '../../kit/db/database.ts'
import type { ImapProblem } from './problem.ts'

/** A mailbox of an organisation. */
export type Of = { readonly org: string; readonly mailboxId: string }

/** How far fetching got; uids count within `validity`. */
export type Progress = {
  readonly beganAt: number
  readonly validity: number | null
  readonly anew: number
  readonly firstUid: number
  readonly doneUid: number
  readonly unmarked: readonly number[]
}

export async function readProgress(db: Database, { org, mailboxId }: Of): Promise<Progress> {
  const row = await db.withScope({ org }, (tx) =>
    tx.first<Progress>(
      sql`select began_at as "beganAt", validity, anew, first_uid as "firstUid", done_uid as "doneUid", unmarked::float8[] as unmarked
          from imap_state where org_id = ${org} and mailbox_id = ${mailboxId}`,
    ),
  )
  if (!row) throw new Error('a mailbox that is fetched has no state')
  return row
}

/** The server numbers its mails anew, or for the first time: all are looked at again. */
export async function startNumbers(
  db: Database,
  { org, mailboxId }: Of,
  { validity, firstUid }: { readonly validity: number; readonly firstUid: number },
): Promise<void> {
  await db.withScope({ org }, (tx) =>
    tx.run(
      sql`update imap_state set anew = anew + case when validity is null then 0 else 1 end, validity = ${validity}, first_uid = ${firstUid}, done_uid = 0, unmarked = '{}'
          where org_id = ${org} and mailbox_id = ${mailboxId} and validity is distinct from ${validity}`,
    ),
  )
}

/** So many at most wait to be marked: a server that never lets us is not remembered for ever. */
const mostUnmarked = 5_000

/** Everything up to `doneUid` is committed or passed over; `kept` are to be marked at the server. */
export async function noteDone(
  db: Database,
  { org, mailboxId }: Of,
  { validity, doneUid, kept, fresh }: { validity: number; doneUid: number; kept: readonly number[]; fresh: number },
): Promise<void> {
  await db.withScope({ org }, (tx) =>
    tx.run(
      sql`update imap_state set done_uid = greatest(done_uid, ${doneUid}), fetched = fetched + ${fresh},
            unmarked = (array(select distinct x from unnest(unmarked || ${[...kept]}::bigint[]) x order by x desc limit ${mostUnmarked}))
          where org_id = ${org} and mailbox_id = ${mailboxId} and validity = ${validity}`,
    ),
  )
}

export async function noteMarked(db: Database, { org, mailboxId }: Of, uids: readonly number[]): Promise<void> {
  await db.withScope({ org }, (tx) =>
    tx.run(
      sql`update imap_state set unmarked = array(select x from unnest(unmarked) x where x <> all (${[...uids]}::bigint[]))
          where org_id = ${org} and mailbox_id = ${mailboxId}`,
    ),
  )
}

/** All that was there is here. */
export async function noteLooked(db: Database, { org, mailboxId }: Of, now: number): Promise<void> {
  await db.withScope({ org }, (tx) =>
    tx.run(
      sql`update imap_state set looked_at = ${new Date(now)}, failing_since = null, problem = null, said = null
          where org_id = ${org} and mailbox_id = ${mailboxId}`,
    ),
  )
}

export async function noteProblem(
  db: Database,
  { org, mailboxId }: Of,
  { code, said }: ImapProblem,
  now: number,
): Promise<void> {
  await db.withScope({ org }, (tx) =>
    tx.run(
      sql`update imap_state set failing_since = coalesce(failing_since, ${new Date(now)}), problem = ${code}, said = ${said}
          where org_id = ${org} and mailbox_id = ${mailboxId}`,
    ),
  )
}
