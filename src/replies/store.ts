import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { normaliseMail } from '../language/index.ts'
import type { Template, TemplateKind, Values } from '../templates/domain/index.ts'

/** By what a mail is known and how it is answered; ids without angle brackets. */
export type Seal = {
  readonly from: { readonly name: string; readonly address: string }
  /** With the signed token; null where no mailbox takes answers in. */
  readonly replyTo: string | null
  readonly messageId: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly mailboxId: string | null
  readonly signature: string
  readonly template: Template
}

/** What an outgoing message carries besides its row; instants are epoch ms. */
export type Envelope = {
  /** Fixed at the first try, and the same at each. */
  readonly seal?: Seal
  readonly subject: string
  readonly text: string
  readonly locale: string
  readonly automatic?: boolean
  /** Which template it is written by; a reply's, where nothing is said. */
  readonly kind?: TemplateKind
  /** What its template says beside what every mail does. */
  readonly values?: Values
  /** Of an automatic one: from where it leaves, as brakes count. */
  readonly mailboxId?: string | null
  /** Of an automatic one: whether the sender it answers was shown to be genuine. */
  readonly proven?: boolean
  /** The owner was told that it takes long. */
  readonly delayTold?: boolean
  /** A worker is on it until then; afterwards it may have died. */
  readonly leaseUntil?: number
  /** When it is tried next. */
  readonly nextTryAt?: number
  /** It did not arrive, and the history says so: when it leaves after all, that has to be said as well. */
  readonly lost?: boolean
  /** That it failed has been told to the history, whatever followed from it. */
  readonly noted?: boolean
  /** How often its recipient was refused without a reason. */
  readonly unexplained?: number
  /** Since when trying counts towards giving up. */
  readonly since?: number
}

export type Outgoing = {
  readonly id: string
  readonly complaint_id: string
  readonly message_id: string | null
  readonly channel: string
  readonly recipient: string
  readonly envelope: Envelope
  readonly state: string
  readonly not_before: number
  readonly attempts: number
}

const columns = sql`id, complaint_id, message_id, channel, recipient, envelope, state, not_before, attempts`

/** One outgoing message under its lock. */
export function lockOutgoing(tx: Tx, org: string, id: string): Promise<Outgoing | undefined> {
  return tx.first<Outgoing>(sql`select ${columns} from outbox where org_id = ${org} and id = ${id} for update`)
}

export type Change = {
  readonly state: string
  readonly envelope?: Partial<Envelope>
  readonly attempts?: number
  readonly lastError?: string | null
  readonly sentAt?: number
}

export async function changeOutgoing(tx: Tx, org: string, row: Outgoing, change: Change): Promise<void> {
  const envelope = { ...row.envelope, ...change.envelope }
  await tx.run(
    sql`update outbox set state = ${change.state}, envelope = ${JSON.stringify(envelope)}::jsonb, attempts = ${change.attempts ?? row.attempts},
          last_error = ${change.lastError === undefined ? sql`last_error` : change.lastError},
          sent_at = ${change.sentAt === undefined ? sql`sent_at` : new Date(change.sentAt)}
        where org_id = ${org} and id = ${row.id}`,
  )
}

/** Every mail of these words knows that they were lost: whichever leaves first brings them after all. */
export async function markLost(
  tx: Tx,
  org: string,
  said: { readonly on: string; readonly row: Pick<Outgoing, 'id' | 'message_id'> },
  lost: boolean,
): Promise<void> {
  const { on, row } = said
  await tx.run(
    sql`update outbox set envelope = envelope || ${JSON.stringify({ lost })}::jsonb
        where org_id = ${org} and (id = ${row.id} or (message_id = ${row.message_id}::uuid
          and complaint_id in (select c.id from complaint c where c.org_id = ${org} and (c.id = ${on} or c.merged_into = ${on}))))`,
  )
}

/** Puts a message's job into the queue, in place of one that waits; one that runs is left alone. */
export async function enqueueOutgoing(tx: Tx, org: string, id: string, at: number): Promise<void> {
  await tx.run(
    sql`select enqueue_job('send_outbox', ${JSON.stringify({ org, id })}::json, ${`outbox:${id}`}, ${new Date(at)})`,
  )
}

/** What a mail says of its complaint and who sends it. */
export type Letterhead = {
  number: string
  public_ref: string
  secret_hash: Buffer
  slug: string
  name: Record<string, string>
}

export function letterhead(tx: Tx, org: string, complaintId: string): Promise<Letterhead | undefined> {
  return tx.first<Letterhead>(
    sql`select c.number, c.public_ref, c.secret_hash, o.slug, o.name from complaint c join organisation o on o.org_id = c.org_id
        where c.org_id = ${org} and c.id = ${complaintId}`,
  )
}

const month = 30 * 86_400_000

/**
 * How often the recipient of a message was refused without a reason in a month, since a mail last reached the address; the tries
 * of the locked row itself are given.
 */
export async function unexplainedOf(
  tx: Tx,
  org: string,
  { row, own, now }: { readonly row: Outgoing; readonly own: number; readonly now: number },
): Promise<number> {
  const norm = normaliseMail(row.recipient)?.mail ?? row.recipient.toLowerCase()
  const found = await tx.first<{ n: number }>(
    sql`with theirs as (
          select x.id, x.state, x.recipient, x.envelope, x.created_at, x.sent_at from customer_identity i
            join complaint c on c.org_id = i.org_id and c.customer_id = i.customer_id join outbox x on x.org_id = c.org_id and x.complaint_id = c.id
          where i.org_id = ${org} and i.kind = 'mail' and i.norm = ${norm} and x.channel = 'email' and x.created_at > ${new Date(now - month)})
        select coalesce(sum((envelope->>'unexplained')::int), 0)::int as n from theirs
        where id <> ${row.id} and state = 'failed' and lower(recipient) = lower(${row.recipient})
          and created_at > coalesce((select max(sent_at) from theirs where state = 'sent' and lower(recipient) = lower(${row.recipient})), '-infinity')`,
  )
  return own + (found?.n ?? 0)
}
