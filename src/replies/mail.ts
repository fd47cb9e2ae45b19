import { hasMarkup, parseMarkup, plainMarkup } from '../kit/pure/markup.ts'
import nodemailer from 'nodemailer'
import type { Services } from '../kit/services.ts'
import { formatReference } from '../kit/pure/base32.ts'
import type { Letterhead, Outgoing } from './store.ts'

/** Hands one mail to the mail server; resolves when it took it. */
export type SendMail = (mail: Mail) => Promise<void>
export type Mail = {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly messageId: string
  readonly automatic: boolean
}

type MailConfig = Pick<Services['config'], 'smtpUrl' | 'publicUrl'>

/** A few connections kept to the mail server; every wait is bounded, and all together are shorter than a lease. */
export function openMail(smtpUrl: string): { send: SendMail; close(): void } {
  const url = new URL(smtpUrl)
  url.searchParams.delete('from')
  const transport = nodemailer.createTransport({
    url: url.href,
    pool: true,
    maxConnections: 4,
    // Trying again is the outbox's: it counts, and knows when to stop.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ from, to, subject, text, messageId, automatic }) => {
      await transport.sendMail({
        from,
        // As an object: a comma in what somebody typed must not become a second recipient.
        to: { name: '', address: to },
        subject,
        text,
        messageId,
        headers: automatic ? { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } : {},
      })
    },
    close: () => transport.close(),
  }
}

/** `?from=` of the mail server's address, else its user when that is an address, else no-reply at the public host. */
export function senderAddress({ smtpUrl = '', publicUrl }: MailConfig): string {
  const url = new URL(smtpUrl)
  const user = decodeURIComponent(url.username)
  const host = publicUrl ? new URL(publicUrl).hostname : 'localhost'
  return url.searchParams.get('from') ?? (user.includes('@') ? user : `no-reply@${host}`)
}

const words: Readonly<Record<string, { reference: string; track: string; name: string }>> = {
  'zh-Hant': { reference: '案件編號', track: '查詢處理進度或補充資料', name: 'zhHant' },
  'zh-Hans': { reference: '工单编号', track: '查询处理进度或补充材料', name: 'zhHans' },
  en: { reference: 'Reference', track: 'Follow it or add to it', name: 'en' },
}

/** Without its marks, where it has any; other words stay as they are, to the last blank line. */
function readable(text: string): string {
  return hasMarkup(text) ? plainMarkup(parseMarkup(text)) : text
}

/** The mail of an outgoing message: its words, the reference, and a link to follow it where there is a public address. */
export function mailOf(config: MailConfig, row: Outgoing, head: Letterhead, trackPath: string): Mail {
  const { envelope } = row
  const say = words[envelope.locale] ?? words.en ?? { reference: '', track: '', name: 'en' }
  const address = senderAddress(config)
  const footer = [`${say.reference}: ${head.number} (${formatReference(head.public_ref)})`]
  if (config.publicUrl) footer.push(`${say.track}: ${config.publicUrl}${trackPath}`)
  return {
    from: { name: head.name[say.name] ?? head.name.en ?? '', address },
    to: row.recipient,
    subject: envelope.subject.replaceAll(/\s+/g, ' '),
    text: `${readable(envelope.text)}\n\n-- \n${footer.join('\n')}\n`,
    messageId: `<${row.id}@${address.split('@').at(-1)}>`,
    automatic: envelope.automatic === true,
  }
}
