import type { Bundle, EventRow, MessageRow } from './bundle.ts'
import type { Finding } from './finding.ts'
import { type Beside, factsOf, isObject, type Proofs } from './proofs.ts'

type Wrong = Pick<Finding, 'code' | 'seq' | 'what'>
type Way = { readonly direction: string; readonly visibility: string; readonly channel: unknown }

/** Messages told otherwise than the event that brought them says: direction, who may see it, channel, author, moment. */
export function checkSaid({ events, messages }: Bundle, { bringing, reasons, told, beside }: Proofs): Wrong[] {
  const cancelled = cancelledOf(events)
  return messages.flatMap((m): Wrong[] => {
    const e = bringing.get(m.id) ?? reasons.get(m.hash)
    // A message of no event is told by the check of texts.
    if (!e) return []
    const more = told.get(m.id)
    const way = wayOf(e, m, bringing.has(m.id), more !== undefined)
    const wrong = [
      m.direction !== way.direction && 'direction',
      m.visibility !== way.visibility && 'visibility',
      way.channel !== undefined && m.channel !== way.channel && 'channel',
      m.author !== (way.direction === 'in' ? null : (e.actor.id ?? null)) && 'author',
      more && more.authorHash !== m.authorHash && 'author name',
      m.flags !== flagsOf(m, e, cancelled, beside.get(m.id)) && 'flags',
      m.callHash !== (beside.get(m.id)?.callHash ?? null) && 'call',
      !fitsInTime(m, e, more ? (more.at ?? e.at) : undefined) && 'moment',
    ].filter(Boolean)
    return wrong.length > 0
      ? [{ code: 'audit.message-mismatch', seq: e.seq, what: `message ${m.id}: ${wrong.join(', ')}` }]
      : []
  })
}

const outward = new Set(['acknowledged', 'replied', 'responded', 'finalised', 'redirected'])

/** How words of this event were said. What nobody named outward is a note inside. */
function wayOf(e: EventRow, m: MessageRow, named: boolean, exactly: boolean): Way {
  const facts = factsOf(e)
  if (!named) return e.actor.kind === 'complainant' ? inward('portal') : note
  if (saysLate(e, m)) return note
  if (e.type === 'received') return inward(facts.channel)
  if (e.type === 'message_received') return inward(facts.channel)
  // What we noted of a call of ours is our own note of it, not what we told them in writing.
  if (e.type === 'called')
    return facts.direction === 'in' ? inward('phone') : { direction: 'out', visibility: 'internal', channel: 'phone' }
  // What an authority was answered is not for the complainant to read.
  if (e.type === 'authority_answered') return { direction: 'out', visibility: 'internal', channel: facts.told }
  if (besideMail.has(e.type)) return { ...note, channel: 'email' }
  if (!isOutward(e)) return note
  // Events that say no more than the hash kept the channel of an answer only when it was told.
  return { direction: 'out', visibility: 'public', channel: facts.told ?? (exactly ? 'portal' : undefined) }
}
/** Mails kept beside a complaint, which changed nothing there. */
const besideMail = new Set(['mail_noted', 'side_note_received'])
const isOutward = (e: EventRow) =>
  outward.has(e.type) || (e.type === 'information_requested' && factsOf(e).of === 'customer')

/** Whether an event's words were for us to bring them: not told in a call, a letter or at the counter. */
export function sentByUs(e: EventRow): boolean {
  const { told } = factsOf(e)
  return isOutward(e) && (told === undefined || told === null || told === 'portal')
}
const note: Way = { direction: 'note', visibility: 'internal', channel: 'note' }
const inward = (channel: unknown): Way => ({ direction: 'in', visibility: 'public', channel })

function fitsInTime(m: MessageRow, e: EventRow, exact: unknown): boolean {
  if (e.type === 'received' && !saysLate(e, m)) {
    const receivedAt = isObject(e.payload.changes.set) ? e.payload.changes.set.receivedAt : undefined
    return typeof receivedAt === 'number' && m.at === new Date(receivedAt).toISOString()
  }
  if (exact !== undefined) return m.at === exact
  // What was told to us may have been written down later.
  return e.type === 'message_received' ? m.at <= e.at : m.at === e.at
}

/** The note that says why it was written down late. */
function saysLate(e: EventRow, m: MessageRow): boolean {
  const { backdating } = factsOf(e)
  return isObject(backdating) && backdating.messageId === m.id
}

function flagsOf(m: MessageRow, e: EventRow, cancelled: ReadonlySet<unknown>, beside: Beside | undefined): string {
  if (cancelled.has(m.id)) return '{cancelled}'
  if (e.type === 'received' && saysLate(e, m)) return '{backdating}'
  return beside?.abusive ? '{abusive}' : '{}'
}

function cancelledOf(events: readonly EventRow[]): ReadonlySet<unknown> {
  return new Set(events.filter((e) => e.type === 'reply_cancelled').map((e) => factsOf(e).messageId))
}

const bearing = new Set([
  'received',
  'message_received',
  'noted',
  'replied',
  'responded',
  'authority_answered',
  'called',
])

/** What was recorded of a call stays inside, whoever may read the words. */
function isRecording(e: EventRow | undefined, id: string): boolean {
  if (!e) return false
  const { recordingId, call } = factsOf(e)
  return recordingId === id || (isObject(call) && call.recordingId === id)
}

/** Files: each stands with a message whose event brought it, as visible as that, with the bytes and name it came with. */
export function checkFiles({ attachments, messages }: Bundle, { bringing, told }: Proofs): Wrong[] {
  const wrong: Wrong[] = []
  if (attachments.length > 0) {
    const byId = new Map(messages.map((m) => [m.id, m]))
    for (const { id, messageId, visibility, hash } of attachments) {
      const what = `attachment ${id}`
      const message = messageId === null ? undefined : byId.get(messageId)
      if (!message) {
        wrong.push({ code: 'audit.orphan', what })
        continue
      }
      const e = bringing.get(message.id)
      const more = told.get(message.id)
      const seq = e ? { seq: e.seq } : {}
      if (more ? !more.files.has(id) : !e || !bearing.has(e.type))
        wrong.push({ code: 'audit.file-unproven', ...seq, what })
      else if (
        (more && more.files.get(id) !== hash) ||
        visibility !== (isRecording(e, id) ? 'internal' : message.visibility)
      )
        wrong.push({ code: 'audit.file-mismatch', ...seq, what })
    }
  }
  for (const [messageId, { event, files }] of told)
    for (const id of files.keys())
      if (!attachments.some((a) => a.id === id && a.messageId === messageId))
        wrong.push({ code: 'audit.file-missing', seq: event.seq, what: `attachment ${id}` })
  return wrong
}
