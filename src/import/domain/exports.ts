import { wordsOfHtml } from './html.ts'
import type { Kind, Mapping } from './mapping.ts'
import type { Cell, ToldFile, ToldMessage } from './told.ts'

// Conversations as Chatwoot, tickets as Zammad and Zendesk give them out as JSON: each as one row of the same columns, and what was
// said as messages with their moments. What is not read here stays in the raw item.

type Data = Readonly<Record<string, unknown>>
export type Exported = {
  readonly cells: ReadonlyMap<string, Cell>
  readonly messages: readonly ToldMessage[]
  readonly files: readonly ToldFile[]
}
type Adapter = {
  readonly source: string
  readonly is: (row: Data) => boolean
  readonly read: (row: Data) => Record<string, Cell>
  readonly messages: (row: Data) => Message[]
}
type Message = ToldMessage

const data = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {}
const list = (value: unknown): Data[] => (Array.isArray(value) ? value.map(data) : [])
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
const first = (...all: unknown[]): string => all.map(text).find((t) => t !== '') ?? ''

/** Epoch seconds (Chatwoot) or ISO text; NaN for neither. */
function instant(value: unknown): number {
  if (typeof value === 'number' || /^\d{9,10}(\.\d+)?$/.test(text(value))) return Number(value) * 1000
  const zoned = /([zZ]|[+-]\d\d:?\d\d|UTC)$/.test(text(value)) ? text(value) : `${text(value)}Z`
  return Date.parse(zoned.replace(' UTC', 'Z').replace(' ', 'T'))
}
const isoOf = (value: unknown): string | null => {
  const at = instant(value)
  return Number.isFinite(at) ? new Date(at).toISOString() : null
}
const said = (
  at: unknown,
  direction: Message['direction'],
  words: string,
  author: string,
  more: { id?: string; files?: readonly ToldFile[] } = {},
): Message[] => {
  const when = instant(at)
  const { id = '', files = [] } = more
  if ((words.trim() === '' && files.length === 0) || !Number.isFinite(when)) return []
  return [{ at: when, direction, text: words.trim(), author, ...(files.length > 0 ? { id, files } : {}) }]
}

/** The files of a message; what has neither a name nor an address is none. */
function filesOf(value: unknown): ToldFile[] {
  return list(value).flatMap((f) => {
    const url = first(f.content_url, f.data_url, f.url)
    const name = first(f.file_name, f.filename, f.name) || lastPart(url)
    const bytes = Number(first(f.size, f.file_size) || Number.NaN)
    return name === '' ? [] : [{ id: first(f.id), name, url, size: Number.isFinite(bytes) ? bytes : null }]
  })
}

function lastPart(url: string): string {
  const path = url.replace(/[?#].*$/s, '')
  const part = path.slice(path.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const directions: Readonly<Record<string, Message['direction']>> = {
  0: 'in',
  1: 'out',
  3: 'out',
  incoming: 'in',
  outgoing: 'out',
  template: 'out',
}
const chatwootChannels: Readonly<Record<string, string>> = {
  'Channel::Email': 'email',
  'Channel::WebWidget': 'chat',
  'Channel::Line': 'line',
  'Channel::Whatsapp': 'whatsapp',
  'Channel::FacebookPage': 'facebook_dm',
  'Channel::Instagram': 'instagram_dm',
  'Channel::Sms': 'sms',
  'Channel::TwilioSms': 'sms',
  'Channel::Api': 'api',
}

const chatwoot: Adapter = {
  source: 'chatwoot',
  is: (row) => Array.isArray(row.messages) && ('inbox_id' in row || 'meta' in row || 'contact' in row),
  read: (row) => {
    const meta = data(row.meta)
    const sender = { ...data(row.contact), ...data(meta.sender) }
    const assignee = { ...data(row.assignee), ...data(meta.assignee) }
    const status = first(row.status)
    return {
      id: first(row.display_id, row.id),
      received: isoOf(row.created_at),
      // Resolving writes no moment of its own: the last thing that happened is when.
      closed: status === 'resolved' ? isoOf(row.resolved_at ?? row.last_activity_at ?? row.updated_at) : null,
      state: status,
      title: first(data(row.additional_attributes).mail_subject),
      name: first(sender.name),
      mail: first(sender.email),
      phone: first(sender.phone_number),
      channel: chatwootChannels[first(meta.channel, row.channel)] ?? 'chat',
      severity: first(row.priority),
      team: first(data(meta.team).name, data(row.team).name),
      owner: first(assignee.email, assignee.name),
      type: Array.isArray(row.labels) ? first(...(row.labels as unknown[])) : '',
    }
  },
  messages: (row) =>
    list(row.messages).flatMap((m) => {
      const way = directions[text(m.message_type)]
      const direction = m.private === true ? 'note' : way
      const more = { id: first(m.id), files: filesOf(m.attachments) }
      return direction ? said(m.created_at, direction, text(m.content), first(data(m.sender).name), more) : []
    }),
}

const zammad: Adapter = {
  source: 'zammad',
  is: (row) => Array.isArray(row.articles) && 'number' in row,
  read: (row) => {
    const customer = data(row.customer)
    const named = [customer.firstname, customer.lastname].map(text).filter(Boolean).join(' ')
    const owner = data(row.owner)
    return {
      id: first(row.number, row.id),
      received: isoOf(row.created_at),
      answered: isoOf(row.first_response_at),
      closed: isoOf(row.close_at),
      state: first(data(row.state).name, row.state),
      title: first(row.title),
      name: named || (text(row.customer).includes('@') ? '' : first(row.customer)),
      mail: first(customer.email, text(row.customer).includes('@') ? row.customer : ''),
      phone: first(customer.phone, customer.mobile),
      severity: first(data(row.priority).name, row.priority),
      team: first(data(row.group).name, row.group),
      owner: first(owner.email, row.owner),
      channel:
        zammadChannels[
          first(data(row.create_article_type).name, row.create_article_type, list(row.articles)[0]?.type)
        ] ?? 'email',
      type: Array.isArray(row.tags) ? first(...(row.tags as unknown[])) : '',
    }
  },
  messages: (row) =>
    list(row.articles).flatMap((a) => {
      const sender = first(data(a.sender).name, a.sender)
      const direction =
        a.internal === true ? 'note' : sender === 'Customer' ? 'in' : sender === 'Agent' ? 'out' : undefined
      const html = text(a.content_type).includes('html') || text(a.body).startsWith('<')
      const words = html ? wordsOfHtml(text(a.body)) : text(a.body)
      const more = { id: first(a.id), files: filesOf(a.attachments) }
      return direction ? said(a.created_at, direction, words, nameIn(first(a.from)), more) : []
    }),
}
const zammadChannels: Readonly<Record<string, string>> = {
  email: 'email',
  phone: 'phone',
  web: 'web_form',
  sms: 'sms',
  chat: 'chat',
  'facebook feed post': 'facebook_comment',
}

const zendesk: Adapter = {
  source: 'zendesk',
  is: (row) => Array.isArray(row.comments) && ('requester' in row || 'requester_id' in row || 'subject' in row),
  read: (row) => {
    const requester = data(row.requester)
    const assignee = data(row.assignee)
    const metrics = { ...data(row.metric_set), ...data(row.metrics) }
    const status = first(row.status)
    const over = ['solved', 'closed', 'deleted'].includes(status)
    return {
      id: first(row.id),
      received: isoOf(row.created_at),
      closed: over ? isoOf(metrics.solved_at ?? row.solved_at ?? row.updated_at) : null,
      state: status,
      title: first(row.subject, row.raw_subject),
      name: first(requester.name),
      mail: first(requester.email),
      phone: first(requester.phone),
      severity: first(row.priority),
      channel: zendeskChannels[first(data(row.via).channel)] ?? 'email',
      team: first(data(row.group).name),
      owner: first(assignee.email, assignee.name),
      type: first(row.type),
    }
  },
  messages: (row) => {
    const requester = first(row.requester_id, data(row.requester).id)
    const all = list(row.comments).flatMap((c) => {
      const author = first(c.author_id, data(c.author).id)
      const direction = c.public === false ? 'note' : author === requester ? 'in' : 'out'
      const words = first(c.plain_body, c.body) || wordsOfHtml(text(c.html_body))
      const more = { id: first(c.id), files: filesOf(c.attachments) }
      return said(c.created_at, direction, words, first(data(c.author).name), more)
    })
    return all.length > 0 ? all : said(row.created_at, 'in', text(row.description), '')
  },
}
const zendeskChannels: Readonly<Record<string, string>> = {
  email: 'email',
  web: 'web_form',
  api: 'api',
  voice: 'phone',
  phone: 'phone',
  chat: 'chat',
  native_messaging: 'chat',
  sms: 'sms',
  whatsapp: 'whatsapp',
  line: 'line',
  facebook: 'facebook_dm',
  mobile: 'app',
}

const nameIn = (from: string) =>
  from
    .replace(/\s*<[^<>]*>\s*$/, '')
    .replaceAll('"', '')
    .trim()

const adapters = { chatwoot, zammad, zendesk } as const
export type ExportKind = keyof typeof adapters

/** Which system an object comes from; undefined where it is any JSON. */
export function exportKindOf(row: unknown): ExportKind | undefined {
  const object = data(row)
  return (Object.keys(adapters) as ExportKind[]).find((kind) => adapters[kind].is(object))
}
export const isExport = (kind: Kind | undefined): kind is ExportKind =>
  kind !== undefined && Object.hasOwn(adapters, kind)

/** One conversation or ticket as a row of our columns. The first words of the complainant are its text; the rest are messages. */
export function readExport(kind: ExportKind, row: unknown): Exported {
  const object = data(row)
  const adapter = adapters[kind]
  const messages = adapter.messages(object).toSorted((a, b) => a.at - b.at)
  const opening = messages.findIndex((m) => m.direction === 'in')
  const told = adapter.read(object)
  // Every column, told or not: a mapping may name none that is not there.
  const cells = new Map<string, Cell>(columns.map((c) => [c, told[c] ?? null]))
  cells.set('text', messages[opening]?.text ?? '')
  return { cells, messages: messages.filter((_, i) => i !== opening), files: messages[opening]?.files ?? [] }
}

const columns = [
  'id',
  'received',
  'answered',
  'closed',
  'state',
  'title',
  'text',
  'name',
  'mail',
  'phone',
  'channel',
  'severity',
  'team',
  'owner',
  'type',
] as const
/** What such rows are mapped by. */
export const exportMapping = (kind: ExportKind): Mapping => ({
  source: adapters[kind].source,
  columns: Object.fromEntries(columns.map((c) => [c, c])),
  dates: { format: 'iso', zone: 'UTC' },
})
