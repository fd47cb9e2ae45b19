import nodemailer, { type SendMailOptions } from 'nodemailer'
import type { Services } from '../kit/services.ts'
import { formatReference } from '../kit/pure/base32.ts'
import { letterOf } from '../templates/domain/index.ts'
import { type Enclosed, leftOutWords } from './enclosed.ts'
import type { Letterhead, Outgoing, Seal } from './store.ts'

/** Hands one mail to the mail server; resolves when it took it. */
export type SendMail = (mail: Mail) => Promise<void>
export type Mail = {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly replyTo: string | null
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly files?: readonly Enclosed[]
  /** Said by the program itself (RFC 3834); null for people's words. */
  readonly automatic: 'auto-replied' | 'auto-generated' | null
}

type MailConfig = Pick<Services['config'], 'smtpUrl' | 'publicUrl'>

/** A server that answers a letter a second is silent to nobody, and would hold a connection for ever. */
const standardPatienceMs = 60_000

/** A few connections kept to the mail server; every wait is bounded, and all together are shorter than a lease. */
export function openMail(smtpUrl: string, { patienceMs = standardPatienceMs } = {}): { send: SendMail; close(): void } {
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
        await transport.sendMail({ ...message, signal: AbortSignal.timeout(patienceMs) })
      } catch (error) {
        if (!mail.automatic || !refusesNobody(error)) throw error
        const signal = AbortSignal.timeout(patienceMs)
        await transport.sendMail({ ...message, signal, envelope: { from: mail.from.address, to: [mail.to] } })
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
function messageOf({ from, to, subject, text, html, automatic, ...m }: Mail): SendMailOptions {
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
    html,
    attachments: (m.files ?? []).map(({ name, mediaType, content }) => ({
      filename: name,
      contentType: mediaType,
      content,
      contentDisposition: 'attachment' as const,
    })),
    messageId: `<${m.messageId}>`,
    envelope: { from: automatic ? '' : from.address, to: [quoted(to)] },
    headers: automatic ? { 'Auto-Submitted': automatic, 'X-Auto-Response-Suppress': 'All', Precedence: 'bulk' } : {},
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

const languages: Readonly<Record<string, string>> = { 'zh-Hant': 'zhHant', 'zh-Hans': 'zhHans', en: 'en' }
const nameIn = ({ name }: Letterhead, locale: string) => name[languages[locale] ?? 'en'] ?? name.en ?? ''

/** Who sends for an organisation that has no mailbox there: its name, at the address of the mail server. */
export function senderOf(config: MailConfig, row: Pick<Outgoing, 'envelope'>, head: Letterhead): Mail['from'] {
  return { name: nameIn(head, row.envelope.locale), address: senderAddress(config) }
}

/** What a mail is made of beside its row. `leftOut`: names of files that do not go with it. */
type Made = {
  readonly seal: Seal
  readonly head: Letterhead
  readonly trackPath: string
  readonly files: readonly Enclosed[]
  readonly leftOut: readonly string[]
}

/** The mail of an outgoing message: its words in its template, with a link to follow it where there is a public address. */
export function mailOf(config: MailConfig, row: Outgoing, { seal, head, trackPath, files, leftOut }: Made): Mail {
  const { envelope } = row
  const values = {
    title: envelope.subject.replace(/^\[[^\]]*\] ?/, ''),
    ...envelope.values,
    number: head.number,
    reference: formatReference(head.public_ref),
    organisation: nameIn(head, envelope.locale),
    mailbox: seal.from.name,
    signature: seal.signature,
    link: config.publicUrl ? `${config.publicUrl}${trackPath}` : '',
    text: envelope.text + leftOutWords(leftOut, envelope.locale, Boolean(config.publicUrl)),
  }
  const automatic = envelope.automatic === true
  return {
    ...seal,
    ...letterOf(seal.template, values, envelope.locale),
    to: row.recipient,
    files,
    automatic: automatic ? 'auto-replied' : null,
  }
}
