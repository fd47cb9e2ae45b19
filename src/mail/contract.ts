import { z } from 'zod'
import { changedBy } from '../catalogue/contract.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id, instant, line, locale, prose } from '../kit/contract/shapes.ts'

export * from './imap/contract.ts'

const address = z.object({ name: z.string(), address: z.string() })
const mailClass = z.enum(['human', 'auto_reply', 'bounce', 'list', 'own'])
const result = z.enum(['pass', 'fail', 'softfail', 'neutral', 'none', 'unknown'])

/** What a mail has become, or why it has become nothing; nothing of what it says, which not everybody may see. */
const outcome = z.object({ at: instant, state: z.string(), reason: z.string().nullable() })

export const mailbox = z.object({
  id,
  address: z.string(),
  name: z.string(),
  teamId: id.nullable(),
  locale,
  signature: z.string(),
  typeCode: z.string().nullable(),
  off: z.boolean(),
  version: z.number().int(),
  /** The mail that came last, among the newest of the organisation; null for none. */
  last: outcome.nullable(),
  /** Addresses it had before: mail to them comes here still, and no other organisation can have them. */
  former: z.array(z.string()),
  /** Mails of the last thirty days. */
  came: z.number().int(),
  changed: changedBy,
})
export type MailboxItem = z.infer<typeof mailbox>

const path = '/api/v1/settings/mailboxes'
const byId = z.object({ id })
const given = z.object({
  address: z.email().max(254),
  name: line(120).min(1),
  teamId: id.nullable().default(null),
  locale: locale.default('zh-Hant'),
  signature: prose(2_000).default(''),
  typeCode: line(40).min(1).nullable().default(null),
})
const refusals = [
  'mail.bad-address',
  'mail.address-taken',
  'mail.no-such-mailbox',
  'mail.stale',
  'intake.unknown-reference',
]

export const listMailboxes = endpoint({
  id: 'mail.mailboxes',
  method: 'GET',
  path,
  summary: 'The mailboxes people write to, with what came last to each',
  reply: z.object({
    items: z.array(mailbox),
    /** For how many days after its end an answer still belongs to a complaint. */
    graceDays: z.number().int(),
  }),
})

export const mailWays = endpoint({
  id: 'mail.ways',
  method: 'GET',
  path: '/api/v1/settings/mail-ways',
  summary: 'Where mail is handed in to this installation, and which mail server it sends by',
  reply: z.object({
    /** What the installation calls itself among mail servers. */
    name: z.string(),
    /** `here`: reached from this machine only. */
    listening: z.array(
      z.object({
        protocol: z.enum(['smtp', 'smtps', 'lmtp']),
        host: z.string(),
        port: z.number().int(),
        here: z.boolean(),
      }),
    ),
    /** Null: no mail server is set, answers show in the portal only. */
    out: z.object({ server: z.string(), host: z.string() }).nullable(),
  }),
})

export const addMailbox = endpoint({
  id: 'mail.add-mailbox',
  method: 'POST',
  path,
  summary: 'Take mail to this address in',
  status: 201,
  body: given,
  reply: mailbox,
  refusals,
})

export const changeMailbox = endpoint({
  id: 'mail.change-mailbox',
  method: 'PATCH',
  path: `${path}/:id`,
  summary: 'Change a mailbox, or switch it off: mail to it is then refused to whoever sends it',
  params: byId,
  body: given.partial().extend({ version: z.number().int(), off: z.boolean().optional() }),
  reply: mailbox,
  refusals,
})

export const setGrace = endpoint({
  id: 'mail.set-grace',
  method: 'PUT',
  path: '/api/v1/settings/mail-grace',
  summary:
    'For how many days after its end an answer still belongs to a complaint; later ones are complaints of their own',
  body: z.object({ graceDays: z.number().int().min(0).max(3_650) }),
  reply: z.object({ graceDays: z.number().int() }),
})

export const mailOfMessage = z.object({
  messageId: id,
  /** Where it stands: said by the complainant; inert; of somebody unknown: waiting, admitted or dismissed. */
  standing: z.enum(['said', 'inert', 'waiting', 'admitted', 'dismissed']),
  class: mailClass,
  authenticity: z.object({ spf: result, dkim: result, dmarc: result, author: z.literal('unclear').optional() }),
  subject: z.string(),
  /** Empty for readers who may not know who complains. */
  from: z.array(address),
  to: z.array(address),
  cc: z.array(address),
  /** Where it asks for answers, as far as that is not its From; answers of ours do not go there. */
  replyTo: z.array(address),
  sentAt: instant.nullable(),
  /** There are more words than the message shows: quoted ones, a signature. */
  more: z.boolean(),
  html: z.boolean(),
})
export type MailOfMessage = z.infer<typeof mailOfMessage>

export const mailsOfComplaint = endpoint({
  id: 'mail.of-complaint',
  method: 'GET',
  path: '/api/v1/complaints/:id/mails',
  summary: 'What is known of the mails among the messages of a complaint: subject, parties, authenticity, standing',
  params: byId,
  reply: z.object({ items: z.array(mailOfMessage) }),
  refusals: ['complaints.not-found'],
})

export const wholeMail = endpoint({
  id: 'mail.whole',
  method: 'GET',
  path: '/api/v1/complaints/:id/whole-mail',
  summary: 'All the words of a mail, those it quotes and its signature too',
  params: byId,
  query: z.object({ messageId: id }),
  reply: z.object({ text: z.string() }),
  refusals: ['complaints.not-found', 'complaints.no-such-message'],
})

export const judgeSideNote = endpoint({
  id: 'mail.judge',
  method: 'POST',
  path: '/api/v1/complaints/:id/side-note-decisions',
  summary: 'Let in what somebody unknown wrote to a complaint, as what a third party says, or set it aside',
  params: byId,
  body: z.object({ messageId: id, admitted: z.boolean() }),
  reply: z.object({ id, version: z.number().int(), standing: z.enum(['admitted', 'dismissed']) }),
  refusals: ['complaints.not-found', 'mail.no-such-note'],
})
