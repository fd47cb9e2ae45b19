import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { changedBy } from '../catalogue/contract.ts'
import { id, line, locale, prose } from '../kit/contract/shapes.ts'
import { templateKinds } from './domain/index.ts'

const kind = z.enum(templateKinds)
const words = z.object({ subject: line(300), body: prose(20_000) })

export const mailTemplate = z.object({
  kind,
  locale,
  subject: z.string(),
  body: z.string(),
  /** 0: as it comes with the program. */
  version: z.number().int(),
  changed: changedBy,
})
export type MailTemplate = z.infer<typeof mailTemplate>

const path = '/api/v1/settings/mail-templates'
const which = { kind, locale }
const refusals = ['templates.unknown-name', 'templates.says-nothing']

export const listTemplates = endpoint({
  id: 'templates.list',
  method: 'GET',
  path,
  summary: 'What mails say, of each kind in each language, as it is or as it comes with the program',
  reply: z.object({ items: z.array(mailTemplate) }),
})

export const saveTemplate = endpoint({
  id: 'templates.save',
  method: 'PUT',
  path,
  summary: 'Say it in words of your own; names in braces that mean nothing are refused',
  body: words.extend({ ...which, version: z.number().int() }),
  reply: mailTemplate,
  refusals: [...refusals, 'templates.stale'],
})

export const resetTemplate = endpoint({
  id: 'templates.reset',
  method: 'POST',
  path: `${path}/standard`,
  summary: 'Say it again as it comes with the program',
  body: z.object({ ...which, version: z.number().int() }),
  reply: mailTemplate,
  refusals: ['templates.stale'],
})

export const previewTemplate = endpoint({
  id: 'templates.preview',
  method: 'POST',
  path: `${path}/preview`,
  summary: 'The mail these words make of an example; nothing is kept or sent',
  body: words.extend(which),
  reply: z.object({ subject: z.string(), text: z.string(), html: z.string() }),
  refusals,
})

const state = z.enum(['waiting', 'sent', 'failed'])

export const sendTest = endpoint({
  id: 'templates.test',
  method: 'POST',
  path: '/api/v1/settings/mail-tests',
  summary:
    'Send this mail, made of an example, to your own address by the mail server; from a mailbox, where one is named',
  status: 201,
  /** Without words of its own: as the template says it now. */
  body: words.partial().extend({ kind, locale, mailboxId: id.nullable().default(null) }),
  reply: z.object({ id, to: z.string(), state }),
  refusals: [...refusals, 'templates.no-mail-server', 'mail.no-such-mailbox', 'templates.too-many-tests'],
})

export const readTest = endpoint({
  id: 'templates.test-state',
  method: 'GET',
  path: '/api/v1/settings/mail-tests/:id',
  summary: 'What became of a test: taken by the mail server, or what it answered',
  params: z.object({ id }),
  reply: z.object({ id, to: z.string(), state, error: z.string().nullable() }),
  refusals: ['templates.no-such-test'],
})
