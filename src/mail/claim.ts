import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'

/** A worker that died with a mail in hand: others take it after this. */
export const leaseMs = 60_000
/** A mail is tried so often, then people look at it. */
export const mostTries = 3

/** So many bytes are in hand at once; a larger mail is alone. */
const mostBytes = 16 * 1024 * 1024

/** A mail in hand. */
export type Claimed = {
  readonly id: string
  /** How large it is as it came. */
  readonly bytes: number
  /** Since when it was due (epoch ms). */
  readonly due: number
  /** Whoever had it before never said what became of it. */
  readonly died: boolean
}

/** Mails in hand until `lease` (epoch ms), the oldest first; whether more are due. */
export type Claim = { readonly mails: readonly Claimed[]; readonly lease: number; readonly more: boolean }

/** What is said of a mail that is tried alone, until something else is: nothing else is when its worker dies. */
const alone = 'mail.too-many-tries'

/**
 * Takes the oldest due mails of an organisation in hand, and counts the try before it is made: what kills a worker is counted
 * too. What was tried before is taken alone, and from then on its tries count: those it was only in company of are forgotten.
 */
export async function claimDue(db: Database, org: string, now: number, most: number): Promise<Claim> {
  const lease = now + leaseMs
  const rows = await db.withScope(
    { org },
    (tx) =>
      tx.rows<Claimed & { all: number }>(
        sql`with due as (
          select item_id, next_try_at from inbound_mail where org_id = ${org} and next_try_at <= ${new Date(now)}
          order by next_try_at, item_id limit ${most} for update skip locked
        ), seen as (
          select d.item_id, d.next_try_at as due, i.*, row_number() over w as n, sum(i.bytes) over w as upto, bool_or(i.attempts > 0) over w as tried
          from due d cross join lateral (select x.attempts, x.reason, octet_length(x.raw) as bytes
            from inbound_item x where x.org_id = ${org} and x.id = d.item_id offset 0) i
          window w as (order by d.next_try_at, d.item_id)
        ), taken as (
          select * from seen where n = 1 or (not tried and upto <= ${sql.lit(mostBytes)})
        ), held as (
          update inbound_mail set next_try_at = ${new Date(lease)} where org_id = ${org} and item_id = any (array(select item_id from taken))
        )
        update inbound_item i set attempts = case when t.reason is null then 1 else t.attempts + 1 end,
          reason = case when t.attempts > 0 then ${sql.lit(alone)} end
        from taken t where i.org_id = ${org} and i.id = t.item_id
        returning i.id, t.bytes, t.due, t.attempts > 0 and coalesce(t.reason = ${sql.lit(alone)}, true) as died, (select count(*) from due) as "all"`,
        'mail-claim',
      ),
    'points',
  )
  const mails = rows.toSorted((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1))
  const all = rows[0]?.all ?? 0
  return { mails, lease, more: all === most || all > rows.length }
}

/** Mails that were not tried after all stand in line again where they stood. */
export async function giveBack(db: Database, org: string, lease: number, mails: readonly Claimed[]): Promise<void> {
  if (mails.length === 0) return
  const rows = mails.map(({ id, due }) => ({ id, due: new Date(due).toISOString() }))
  await db.withScope({ org }, (tx) =>
    tx.run(
      sql`with back as (
          update inbound_mail m set next_try_at = x.due from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, due timestamptz)
          where m.org_id = ${org} and m.item_id = x.id and m.next_try_at = ${new Date(lease)} returning m.item_id)
        update inbound_item set attempts = attempts - 1 where org_id = ${org} and id in (select item_id from back) and attempts > 0`,
    ),
  )
}

/** Keeps those in hand that still are, for another while: until when. */
export async function keepInHand(
  db: Database,
  org: string,
  { lease, now }: { readonly lease: number; readonly now: number },
  mails: readonly Claimed[],
): Promise<number> {
  await db.withScope({ org }, (tx) =>
    tx.run(
      sql`update inbound_mail set next_try_at = ${new Date(now + leaseMs)}
        where org_id = ${org} and item_id = any (${mails.map((m) => m.id)}::uuid[]) and next_try_at = ${new Date(lease)}`,
    ),
  )
  return now + leaseMs
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

/**
 * Those of these that still wait, under their locks: first those in line, so that nobody takes in hand what is being written,
 * then the items; each in one order.
 */
export async function lockAllWaiting(tx: Tx, org: string, itemIds: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = [...itemIds]
  tx.send(
    sql`select from inbound_mail where org_id = ${org} and item_id = any (${ids}::uuid[]) order by item_id for update`,
    'mail-lock-line',
  )
  const rows = await tx.rows<{ id: string; state: string }>(
    sql`select id, state from inbound_item where org_id = ${org} and id = any (${ids}::uuid[]) order by id for update`,
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

/** They are taken in, under the locks of `lockAllWaiting`: nothing is left to do. */
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
    about,
  }: {
    readonly state: 'parked' | 'rejected'
    readonly reason: string
    readonly mailClass?: string
    /** Complaints it names, answers or repeats: whoever may not see one of them does not see it either. */
    readonly about?: readonly string[]
  },
): Promise<void> {
  await tx.run(
    sql`update inbound_mail set next_try_at = null, asked = false, class = coalesce(${mailClass ?? null}, class),
        about = ${about ? [...about] : null}::uuid[] where org_id = ${org} and item_id = ${itemId}`,
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
