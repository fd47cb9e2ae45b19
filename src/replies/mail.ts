import { hasMarkup, parseMarkup, plainMarkup } from '../kit/pure/markup.ts'
import nodemailer, { type SendMailOptions } from 'nodemailer'
import type { Services } from '../kit/services.ts'
import { formatReference } from '../kit/pure/base32.ts'
import type { Letterhead, Outgoing, Seal } from './store.ts'

/** Hands one mail to the mail server; resolves when it took it. */
export type SendMail = (mail: Mail) => Promise<void>
export type Mail = {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly messageId: string
  readonly replyTo: string | null
  readonly inReplyTo: string | null
  readonly references: readonly string[]
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
    send: async (mail) => {
      const message = messageOf(mail)
      try {
        await transport.sendMail(message)
      } catch (error) {
        if (!mail.automatic || !refusesNobody(error)) throw error
        await transport.sendMail({ ...message, envelope: { from: mail.from.address, to: [mail.to] } })
      }
    },
    close: () => transport.close(),
  }
}

/** Some mail servers take nothing from the null sender; an address of ours is the next best. */
function refusesNobody(error: unknown): boolean {
  const { command, responseCode = 0 } = error as { command?: string; responseCode?: number }
  return command === 'MAIL FROM' && responseCode >= 500
}

/**
 * As the mail library takes it. What the program says itself says so (RFC 3834), asks for no answer of machines, and leaves
 * from nobody: whatever cannot deliver it has nobody to tell.
 */
function messageOf({ from, to, subject, text, automatic, ...m }: Mail): SendMailOptions {
  const named = (address: string) => ({ name: '', address })
  return {
    from,
    // As an object: a comma in what somebody typed must not become a second recipient.
    to: named(quoted(to)),
    ...(m.replyTo ? { replyTo: named(m.replyTo) } : {}),
    ...(m.inReplyTo ? { inReplyTo: `<${m.inReplyTo}>` } : {}),
    ...(m.references.length > 0 ? { references: m.references.map((id) => `<${id}>`) } : {}),
    subject,
    text,
    messageId: `<${m.messageId}>`,
    envelope: { from: automatic ? '' : from.address, to: [quoted(to)] },
    headers: automatic
      ? { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All', Precedence: 'bulk' }
      : {},
  }
}

/** The local part in quotes, where it needs them. */
function quoted(address: string): string {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  if (at < 1 || /^[^\s"(),:;<>@[\\\]]+$/u.test(local) || /^".*"$/u.test(local)) return address
  return `"${local.replaceAll(/["\\]/g, '\\$&')}"${address.slice(at)}`
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

/** Who sends for an organisation that has no mailbox there: its name, at the address of the mail server. */
export function senderOf(config: MailConfig, row: Pick<Outgoing, 'envelope'>, head: Letterhead): Mail['from'] {
  return { name: head.name[wordsOf(row).name] ?? head.name.en ?? '', address: senderAddress(config) }
}

const wordsOf = ({ envelope }: Pick<Outgoing, 'envelope'>) =>
  words[envelope.locale] ?? words.en ?? { reference: '', track: '', name: 'en' }

/** The mail of an outgoing message: its words, the reference, and a link to follow it where there is a public address. */
export function mailOf(config: MailConfig, row: Outgoing, seal: Seal, head: Letterhead, trackPath: string): Mail {
  const { envelope } = row
  const say = wordsOf(row)
  const footer = [`${say.reference}: ${head.number} (${formatReference(head.public_ref)})`]
  if (config.publicUrl) footer.push(`${say.track}: ${config.publicUrl}${trackPath}`)
  const signed = seal.signature.trim() === '' ? [] : [seal.signature.trim()]
  return {
    ...seal,
    from: seal.from,
    to: row.recipient,
    subject: envelope.subject.replaceAll(/\s+/g, ' '),
    text: `${readable(envelope.text)}\n\n-- \n${[...signed, ...footer].join('\n')}\n`,
    automatic: envelope.automatic === true,
  }
}
