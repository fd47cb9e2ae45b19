import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import type { Services } from '../kit/services.ts'
import { itemKey } from './identity.ts'
import type { Destination } from './mailboxes.ts'

/** What the envelope of a mail said, and by which way it came. */
export type Envelope = {
  readonly via: 'smtp' | 'lmtp' | 'imap' | 'command'
  readonly mailFrom: string
  readonly clientIp: string
  readonly helo: string
}

export type KeptMail = {
  readonly itemId: string
  /** False: this mail is here already, and only noted as delivered again. */
  readonly fresh: boolean
}

/**
 * Keeps a mail as it came, once an organisation however often and to however many of its mailboxes it is sent: when this
 * resolves it is committed. Nothing of it is read yet.
 */
export async function keepMail(
  app: Pick<Services, 'db'>,
  { org, mailboxIds, rcptTo }: Destination,
  envelope: Envelope,
  raw: Buffer,
  now: number,
): Promise<KeptMail> {
  const key = itemKey(raw)
  const itemId = newId(now)
  const at = new Date(now)
  return app.db.withScope({ org }, async (tx) => {
    const kept = await tx.first(
      sql`with item as (
          insert into inbound_item (org_id, id, channel, external_id, received_at, logged_at, raw, sha256, state)
          values (${org}, ${itemId}, 'email', ${key}, ${at}, ${at}, ${raw}, ${createHash('sha256').update(raw).digest()}, 'waiting')
          on conflict (org_id, channel, external_id) do nothing returning id)
        insert into inbound_mail (org_id, item_id, mailbox_ids, via, mail_from, rcpt_to, client_ip, helo, received_at, next_try_at)
        select ${org}, id, ${[...mailboxIds]}::uuid[], ${envelope.via}, ${cut(envelope.mailFrom)}, ${rcptTo.map(cut)}::text[],
          ${cut(envelope.clientIp)}, ${cut(envelope.helo)}, ${at}, ${at} from item returning 1`,
      'mail-keep',
    )
    if (kept) return { itemId, fresh: true }
    return { itemId: await noteAgain(tx, org, key, { mailboxIds, rcptTo }), fresh: false }
  })
}

/** The same mail again: counted, and where it came too. */
async function noteAgain(
  tx: Tx,
  org: string,
  key: string,
  { mailboxIds, rcptTo }: Pick<Destination, 'mailboxIds' | 'rcptTo'>,
): Promise<string> {
  const row = await tx.first<{ id: string }>(
    sql`update inbound_mail m set deliveries = m.deliveries + 1,
          mailbox_ids = m.mailbox_ids || array(select x from unnest(${[...mailboxIds]}::uuid[]) x where x <> all (m.mailbox_ids)),
          rcpt_to = m.rcpt_to || array(select x from unnest(${rcptTo.map(cut)}::text[]) x where x <> all (m.rcpt_to) limit 20)
        where m.org_id = ${org} and m.item_id = (select id from inbound_item where org_id = ${org} and channel = 'email' and external_id = ${key})
        returning m.item_id as id`,
  )
  if (!row) throw new Error('an item of a mail has no mail beside it')
  return row.id
}

// oxlint-disable-next-line no-control-regex -- PostgreSQL keeps no NUL
const cut = (text: string) => text.replaceAll('\u0000', '').slice(0, 1_000)

/** Has what waits in an organisation taken in: a worker looks soon. Lost, a look each minute finds it. */
export async function wakeTakeIn(app: Pick<Services, 'db'>, org: string): Promise<void> {
  await app.db.withScope({ org }, (tx) =>
    tx.run(sql`select enqueue_job('take_in_mail', ${JSON.stringify({ org })}::json, ${`mail:${org}`})`),
  )
}
