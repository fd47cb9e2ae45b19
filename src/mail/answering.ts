import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { idsIn } from './domain/headers.ts'
import { headOf, idHash } from './identity.ts'

// What a mail that leaves needs to know of the mails that came: from which mailbox, and what it answers.

/** Where mail of a complaint leaves from. */
export type LeavingFrom = {
  readonly id: string
  readonly address: string
  readonly name: string
  readonly signature: string
}

/** The mailbox its last mail came to, else the oldest one of its team; none that is switched off. */
export function mailboxFor(tx: Tx, org: string, complaintId: string): Promise<LeavingFrom | undefined> {
  return tx.first<LeavingFrom>(
    sql`select b.id, b.address, b.name, b.signature
        from complaint c join mailbox b on b.org_id = c.org_id and not b.off
        left join lateral (select m.mailbox_ids[1] as id from inbound_mail m where m.org_id = c.org_id and m.complaint_id = c.id
          and m.became in ('new', 'message') order by m.received_at desc, m.item_id desc limit 1) came on true
        where c.org_id = ${org} and c.id = ${complaintId} and (b.id = came.id or b.team_id = c.team_id)
        order by (b.id = came.id) desc nulls last, b.created_at, b.id limit 1`,
  )
}

/** Ids without their angle brackets. */
export type Answered = { readonly messageId: string; readonly references: readonly string[] }

const longestId = 250
const mostReferences = 20

/** The complainant's last mail to a complaint, as an answer has to name it; undefined where it has no id to be named by. */
export async function lastMailOf(tx: Tx, org: string, complaintId: string): Promise<Answered | undefined> {
  const row = await tx.first<{ head: Buffer }>(
    sql`select substring(i.raw from 1 for 65536) as head from inbound_mail m join inbound_item i on i.org_id = m.org_id and i.id = m.item_id
        where m.org_id = ${org} and m.complaint_id = ${complaintId} and m.became in ('new', 'message') order by m.received_at desc, m.item_id desc limit 1`,
  )
  const fields = row && headOf(row.head)
  const ids = (name: string) => idsIn(fields?.get(name) ?? '').filter(isPlain)
  const [messageId] = ids('message-id')
  return messageId === undefined
    ? undefined
    : { messageId, references: [...ids('references').slice(1 - mostReferences), messageId] }
}

/** An id as it may stand in a header: printable ASCII without what would end it. */
const isPlain = (id: string) => id.length <= longestId && /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(id)

/** Keeps the id of a mail that leaves from a mailbox, so that what answers it there is found. */
export async function keepOwnId(
  tx: Tx,
  org: string,
  own: {
    readonly id: string
    readonly complaintId: string
    readonly messageId: string | null
    readonly mailboxId: string
    readonly at: number
  },
): Promise<void> {
  await tx.run(
    sql`insert into mail_id (org_id, hash, kind, complaint_id, message_id, mailbox_ids, at)
        values (${org}, ${idHash(own.id)}, 'own', ${own.complaintId}, ${own.messageId}, ${[own.mailboxId]}::uuid[], ${new Date(own.at)}) on conflict do nothing`,
  )
}
