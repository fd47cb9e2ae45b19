import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { newId } from '../../kit/ids.ts'
import type { Services } from '../../kit/services.ts'
import { itemKey } from '../identity.ts'
import type { Of } from './state.ts'

/**
 * A mail that is not fetched whole is set aside with the reason: its headers are kept and shown, the mail itself stays at the
 * server. True when it was not here yet.
 */
export async function parkMail(
  app: Pick<Services, 'db'>,
  { org, mailboxId, address }: Of & { readonly address: string },
  { headers, reason, uid, validity }: { headers: Buffer; reason: string; uid: number; validity: number },
  now: number,
): Promise<boolean> {
  // Two mails of which nothing but the same headers is known are one; without any headers each is its own.
  const key =
    headers.length > 0
      ? `imap:${itemKey(headers, { mailFrom: null, rcptTo: [] })}`
      : `imap:${mailboxId}:${validity}:${uid}`
  const raw = headers.length > 0 ? headers : Buffer.from(`X-Redress-Uid: ${validity}.${uid}\r\n\r\n`)
  const at = new Date(now)
  const added = await app.db.withScope({ org }, (tx) =>
    tx.run(
      sql`with item as (
          insert into inbound_item (org_id, id, channel, external_id, received_at, logged_at, raw, sha256, state, reason)
          values (${org}, ${newId(now)}, 'email', ${key}, ${at}, ${at}, ${raw}, ${createHash('sha256').update(raw).digest()}, 'parked', ${reason})
          on conflict (org_id, channel, external_id) do nothing returning id)
        insert into inbound_mail (org_id, item_id, mailbox_ids, via, mail_from, rcpt_to, client_ip, helo, received_at)
        select ${org}, id, array[${mailboxId}]::uuid[], 'imap', '', array[${address}]::text[], '', '', ${at} from item`,
    ),
  )
  return added > 0
}
