import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'

/** A worker that died with a mail in hand: others take it after this. */
export const leaseMs = 60_000
/** A mail is tried so often, then people look at it. */
export const mostTries = 3

/** Takes the oldest due mails of an organisation in hand, and counts the try before it is made: what kills a worker is counted too. */
export async function claimDue(db: Database, org: string, now: number, most: number): Promise<string[]> {
  const rows = await db.withScope({ org }, (tx) =>
    tx.rows<{ id: string }>(
      sql`with due as (
          select item_id from inbound_mail where org_id = ${org} and next_try_at <= ${new Date(now)}
          order by next_try_at, item_id limit ${most} for update skip locked
        ), held as (
          update inbound_mail set next_try_at = ${new Date(now + leaseMs)} where org_id = ${org} and item_id in (select item_id from due)
        )
        update inbound_item set attempts = attempts + 1 where org_id = ${org} and id in (select item_id from due) returning id`,
      'mail-claim',
    ),
  )
  return rows.map((r) => r.id)
}

/** A mail to be taken in, as it is kept. */
export type Waiting = {
  readonly id: string
  readonly raw: Buffer
  readonly sha256: Buffer
  readonly attempts: number
  readonly received_at: number
  readonly mailbox_ids: readonly string[]
  readonly mail_from: string
  readonly rcpt_to: readonly string[]
  readonly client_ip: string
  readonly helo: string
  readonly via: string
  readonly asked: boolean
}

export function readWaiting(tx: Tx, org: string, itemId: string): Promise<Waiting | undefined> {
  return tx.first<Waiting>(
    sql`select i.id, i.raw, i.sha256, i.attempts, i.received_at, m.mailbox_ids, m.mail_from, m.rcpt_to, m.client_ip, m.helo, m.via, m.asked
        from inbound_item i join inbound_mail m on m.org_id = i.org_id and m.item_id = i.id
        where i.org_id = ${org} and i.id = ${itemId} and i.state = 'waiting'`,
    'mail-waiting',
  )
}

/** Whether it still waits, under its lock: somebody else may have been quicker. */
export async function lockWaiting(tx: Tx, org: string, itemId: string): Promise<boolean> {
  const row = await tx.first<{ state: string }>(
    sql`select state from inbound_item where org_id = ${org} and id = ${itemId} for update`,
    'mail-lock',
  )
  return row?.state === 'waiting'
}

/** What a mail has become. */
export type Became = {
  readonly as: 'new' | 'message' | 'note' | 'side_note' | 'bounce'
  readonly complaintId: string
  readonly messageId: string | null
}

/** It is taken in: nothing is left to do. */
export async function settle(tx: Tx, org: string, itemId: string, mailClass: string, became: Became): Promise<void> {
  tx.send(
    sql`update inbound_mail set next_try_at = null, asked = false, class = ${mailClass}, became = ${became.as}, complaint_id = ${became.complaintId}, message_id = ${became.messageId}
        where org_id = ${org} and item_id = ${itemId}`,
    'mail-settle',
  )
  if (became.as !== 'new')
    tx.send(
      sql`update inbound_item set state = 'threaded', reason = null where org_id = ${org} and id = ${itemId}`,
      'mail-threaded',
    )
}

/** Set aside, with the reason: `parked` for people to look at, `rejected` for nobody. */
export async function setAside(
  tx: Tx,
  org: string,
  itemId: string,
  {
    state,
    reason,
    mailClass,
  }: { readonly state: 'parked' | 'rejected'; readonly reason: string; readonly mailClass?: string },
): Promise<void> {
  await tx.run(
    sql`update inbound_mail set next_try_at = null, asked = false, class = coalesce(${mailClass ?? null}, class) where org_id = ${org} and item_id = ${itemId}`,
  )
  await tx.run(
    sql`update inbound_item set state = ${state}, reason = ${reason} where org_id = ${org} and id = ${itemId} and state = 'waiting'`,
  )
}

/** Tried again at `at` (epoch ms). */
export async function tryLater(tx: Tx, org: string, itemId: string, reason: string, at: number): Promise<void> {
  await tx.run(
    sql`update inbound_mail set next_try_at = ${new Date(at)} where org_id = ${org} and item_id = ${itemId} and next_try_at is not null`,
  )
  await tx.run(
    sql`update inbound_item set reason = ${reason} where org_id = ${org} and id = ${itemId} and state = 'waiting'`,
  )
}
