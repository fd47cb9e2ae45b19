import { z } from 'zod'
import { endpoint } from '../../kit/contract/endpoint.ts'
import { id, instant, line } from '../../kit/contract/shapes.ts'

/** `tls` from the first byte, `starttls` before anything is said, `plain` only to this machine. */
export const security = z.enum(['tls', 'starttls', 'plain'])

/** Where a mailbox is fetched from, and what happens to what was fetched. */
const place = z.object({
  host: line(253)
    .min(1)
    .regex(/^[A-Za-z0-9.:_-]+$/),
  port: z.number().int().min(1).max(65_535),
  security,
  user: line(254).min(1),
  folder: line(200).min(1).default('INBOX'),
})
/** Absent: the one that is kept, which goes only to the server and user it was given for. */
const password = z.string().min(1).max(500).optional()

const after = z.object({
  /** What was fetched is marked as read at the server, or moved to another folder there as well. */
  after: z.enum(['seen', 'move']).default('seen'),
  moveTo: line(200).min(1).nullable().default(null),
  /** At the start: what nobody has read there yet, or everything. */
  begin: z.enum(['unseen', 'all']).default('unseen'),
})

export const imapSettings = place.extend(after.shape)
export type ImapSettings = z.infer<typeof imapSettings>

export const fetching = z.object({
  mailboxId: id,
  /** The mailbox's: what it is changed by. */
  version: z.number().int(),
  /** Whether it is fetched now; what is switched off keeps its settings. */
  on: z.boolean(),
  settings: imapSettings,
  hasPassword: z.boolean(),
  /** When all that was there had been fetched, the last time. */
  lookedAt: instant.nullable(),
  /** Since when it fails, why (`mail.imap-…`), and what the server said to it. */
  failing: z.object({ since: instant, problem: z.string(), said: z.string() }).nullable(),
  /** Mails that came this way. */
  fetched: z.number().int(),
})
export type Fetching = z.infer<typeof fetching>

const byId = z.object({ id })
const mailboxPath = '/api/v1/settings/mailboxes/:id'
const refusals = [
  'mail.no-such-mailbox',
  'mail.stale',
  'mail.imap-password-needed',
  'mail.imap-plain',
  'mail.imap-no-folder-named',
]

export const listFetching = endpoint({
  id: 'mail.fetching',
  method: 'GET',
  path: '/api/v1/settings/fetching',
  summary: 'The mailboxes that are fetched by IMAP, and how it goes; passwords are never told',
  reply: z.object({ items: z.array(fetching) }),
})

export const setFetching = endpoint({
  id: 'mail.set-fetching',
  method: 'PUT',
  path: `${mailboxPath}/fetching`,
  summary: 'Fetch a mailbox by IMAP, or stop it',
  params: byId,
  body: imapSettings.extend({ version: z.number().int(), on: z.boolean().default(true), password }),
  reply: fetching,
  refusals,
})

export const lookOnce = endpoint({
  id: 'mail.look',
  method: 'POST',
  path: `${mailboxPath}/looks`,
  summary: 'Connect to a mail server and say what is there, or what went wrong; nothing is fetched or kept',
  params: byId,
  body: place.extend({ password }),
  reply: z.object({
    /** Why it did not work (`mail.imap-…`), and what the server said; null when it did. */
    problem: z.string().nullable(),
    said: z.string(),
    folders: z.array(z.string()),
    /** Of the folder that was asked for; null where the server did not say. */
    messages: z.number().int().nullable(),
    unseen: z.number().int().nullable(),
  }),
  refusals,
})
