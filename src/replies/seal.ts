import { keepOwnId, lastMailOf, mailboxFor, makeMessageId, makeToken, replyAddress, signersOf } from '../mail/index.ts'
import type { Tx } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { templateFor } from '../templates/index.ts'
import { senderOf } from './mail.ts'
import { letterhead, type Outgoing, type Seal } from './store.ts'

type At = {
  readonly app: Pick<Services, 'subkey' | 'config'>
  readonly tx: Tx
  readonly org: string
  readonly now: number
}

/**
 * From whom a mail leaves, where its answers come and by what it is known, kept so that an answer is found: from the mailbox
 * of the complaint, with the signed token in its reply address and in its Message-ID.
 */
export async function sealed({ app, tx, org, now }: At, row: Outgoing): Promise<Seal> {
  const { kind = 'reply', locale } = row.envelope
  const [head, mailbox, answered, { subject, body }] = await Promise.all([
    letterhead(tx, org, row.complaint_id),
    mailboxFor(tx, org, row.complaint_id),
    lastMailOf(tx, org, row.complaint_id),
    templateFor(tx, org, kind, locale),
  ])
  if (!head) throw new Error('the complaint of a message is missing')
  const from = mailbox ? { name: mailbox.name, address: mailbox.address } : senderOf(app.config, row, head)
  const sign = signersOf(app)
  const { number } = head
  const host = from.address.split('@').at(-1) ?? 'localhost'
  // Tried before ids were signed: it stays the mail it was.
  const messageId =
    row.attempts > 0 ? `${row.id}@${host}` : makeMessageId(sign.messageId, { org, number, what: row.id }, host)
  if (mailbox)
    await keepOwnId(tx, org, {
      id: messageId,
      complaintId: row.complaint_id,
      messageId: row.message_id,
      mailboxId: mailbox.id,
      at: now,
    })
  return {
    from,
    replyTo: mailbox ? replyAddress(mailbox.address, makeToken(sign.address, { org, number })) : null,
    messageId,
    inReplyTo: answered?.messageId ?? null,
    references: answered?.references ?? [],
    mailboxId: mailbox?.id ?? null,
    signature: mailbox?.signature ?? '',
    template: { subject, body },
  }
}
