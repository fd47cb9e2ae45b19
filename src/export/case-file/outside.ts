import type { Event, Message, Page, Read } from './read.ts'

// What a case file for outside leaves out. A list of what may go, not of what may not: what comes new stays inside until
// somebody puts it here.

const tellable = new Set([
  'received',
  'acknowledged',
  'message_received',
  'information_requested',
  'resumed',
  'replied',
  'responded',
  'contained',
  'remedy_started',
  'remedy_done',
  'followed_up',
  'closed',
  'reopened',
  'review_requested',
  'finalised',
  'went_outside',
  'withdrawal_asked',
  'withdrawn',
  'redirected',
  'promised',
  'promise_kept',
])

const tellableClocks = new Set([
  'acknowledge',
  'first_reply',
  'resolve',
  'statutory',
  'stage',
  'authority',
  'promise',
  'callback',
])

/** Words that were meant for the complainant, or came from them, and were not taken back. */
const left = (m: Message): boolean =>
  m.direction !== 'note' &&
  m.visibility === 'public' &&
  m.outbox?.state !== 'cancelled' &&
  !m.flags.includes('cancelled')

/** The same complaint without internal notes, colleagues, weighing, protection, and what one is asked inside. */
export function forOutside(read: Read): Read {
  const { page, items } = read
  const confidential = page.complaint.mode !== 'named'
  return {
    ...read,
    items: items.flatMap((item): (Message | Event)[] => {
      if (item.kind === 'message') return left(item) ? [signedOnly(item)] : []
      return tellable.has(item.type) ? [{ ...item, facts: {}, actor: { ...item.actor, name: '' } }] : []
    }),
    page: {
      ...page,
      customer: confidential ? null : page.customer,
      clocks: page.clocks
        .filter((c) => tellableClocks.has(c.kind))
        .map((c) => ({ ...c, internalDueAt: null, owner: null })),
      attachments: page.attachments.filter((a) => a.visibility === 'public'),
      helpers: [],
      access: [],
      subjects: [],
      links: [],
      proposal: null,
      complaint: withoutWeighing(page.complaint),
    },
  }
}

/** Whoever wrote an answer signed it; who wrote down a call did not. */
const signedOnly = (m: Message): Message => (m.direction === 'in' ? { ...m, authorName: '' } : m)

function withoutWeighing(c: Page['complaint']): Page['complaint'] {
  return { ...c, severity: null, flags: [], confidentiality: 'normal', summary: '', approval: null, owner: null }
}
