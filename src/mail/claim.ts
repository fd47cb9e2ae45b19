import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'

/** A worker that died with a mail in hand: others take it after this. */
export const leaseMs = 60_000
/** A mail is tried so often, then people look at it. */
export const mostTries = 3

/** A mail in hand, and how large it is as it came. */
export type Claimed = { readonly id: string; readonly bytes: number }

/** Takes the oldest due mails of an organisation in hand, and counts the try before it is made: what kills a worker is counted too. */
export async function claimDue(db: Database, org: string, now: number, most: number): Promise<Claimed[]> {
  const rows = await db.withScope(
    { org },
    (tx) =>
      tx.rows<Claimed & { due: number }>(
        sql`with due as (
          select item_id, next_try_at from inbound_mail where org_id = ${org} and next_try_at <= ${new Date(now)}
          order by next_try_at, item_id limit ${most} for update skip locked
        ), held as (
          update inbound_mail set next_try_at = ${new Date(now + leaseMs)} where org_id = ${org} and item_id = any (array(select item_id from due))
        )
        update inbound_item i set attempts = attempts + 1 from due where i.org_id = ${org} and i.id = due.item_id
        returning i.id, octet_length(i.raw) as bytes, due.next_try_at as due`,
        'mail-claim',
      ),
    'points',
  )
  return rows.toSorted((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1)).map(({ id, bytes }) => ({ id, bytes }))
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

export async function readWaiting(tx: Tx, org: string, itemId: string): Promise<Waiting | undefined> {
  return (await readAllWaiting(tx, org, [itemId]))[0]
}

/** Those of these that wait, in this order. */
export async function readAllWaiting(tx: Tx, org: string, itemIds: readonly string[]): Promise<Waiting[]> {
  const rows = await tx.rows<Waiting>(
    sql`select i.id, i.raw, i.sha256, i.attempts, i.received_at, m.mailbox_ids, m.mail_from, m.rcpt_to, m.client_ip, m.helo, m.via, m.asked
        from unnest(${[...itemIds]}::uuid[]) with ordinality as k(id, n)
          join inbound_item i on i.org_id = ${org} and i.id = k.id and i.state = 'waiting'
          join inbound_mail m on m.org_id = ${org} and m.item_id = k.id order by k.n`,
    'mail-waiting',
  )
  return rows
}

/** Whether it still waits, under its lock: somebody else may have been quicker. */
export async function lockWaiting(tx: Tx, org: string, itemId: string): Promise<boolean> {
  return (await lockAllWaiting(tx, org, [itemId])).has(itemId)
}

/** Those of these that still wait, under their locks. */
export async function lockAllWaiting(tx: Tx, org: string, itemIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ id: string; state: string }>(
    sql`select id, state from inbound_item where org_id = ${org} and id = any (${[...itemIds]}::uuid[]) order by id for update`,
    'mail-lock',
  )
  return new Set(rows.filter((r) => r.state === 'waiting').map((r) => r.id))
}

/** What a mail has become. */
export type Became = {
  readonly as: 'new' | 'message' | 'note' | 'side_note' | 'bounce'
  readonly complaintId: string
  readonly messageId: string | null
}

export type Settled = { readonly itemId: string; readonly mailClass: string; readonly became: Became }

/** They are taken in: nothing is left to do. */
export function settle(tx: Tx, org: string, all: readonly Settled[]): void {
  if (all.length === 0) return
  const rows = all.map(({ itemId, mailClass, became: { as, complaintId, messageId } }) => ({
    id: itemId,
    class: mailClass,
    became: as,
    complaint: complaintId,
    message: messageId,
    state: as === 'new' ? 'recorded' : 'threaded',
  }))
  tx.send(
    sql`with x as materialized (select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as x(id uuid, class text, became text, complaint uuid, message uuid, state text)),
        item as (
          update inbound_item i set state = x.state, reason = null, complaint_id = case x.state when 'recorded' then x.complaint else i.complaint_id end
          from x where i.org_id = ${org} and i.id = x.id and i.state = 'waiting')
        update inbound_mail m set next_try_at = null, asked = false, class = x.class, became = x.became, complaint_id = x.complaint, message_id = x.message
        from x where m.org_id = ${org} and m.item_id = x.id`,
    'mail-settle',
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
