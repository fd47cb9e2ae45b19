import { type Event, type Message, type Page, type Read, wasSaid } from './read.ts'

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
  'withdrawn',
  'redirected',
  'promised',
  'promise_kept',
])

/** Dates of the law and of stage 2; targets of our own stay inside, as in the portal. */
const tellableClocks = new Set(['statutory', 'stage'])

/** What was promised to the complainant, not what was agreed inside. */
const isPromise = ({ kind, cause }: Page['clocks'][number]): boolean =>
  (kind === 'promise' || kind === 'callback') && cause.public === true

/** What we ask of a colleague is no news outside. */
function tells({ type, facts }: Event, promises: ReadonlySet<unknown>): boolean {
  if (type === 'information_requested') return facts?.of === 'customer'
  return tellable.has(type) && (!type.startsWith('promise') || promises.has(facts?.clockId))
}

/** Of why it happened nothing; of a promise what it was, and by when. */
function toldFacts({ type, facts }: Event): Event['facts'] {
  const { kind, dueAt } = facts ?? {}
  return type.startsWith('promise') ? { kind, dueAt } : {}
}

/** The same complaint without internal notes, colleagues, weighing, protection, and what one is asked inside. */
export function forOutside(read: Read): Read {
  const { page, items, told } = read
  const confidential = page.complaint.mode !== 'named'
  const nobodyNamed = confidential ? { ...page.complaint, onBehalfOf: '' } : page.complaint
  const promises = new Set(page.clocks.filter(isPromise).map((c) => c.id))
  return {
    ...read,
    items: items.flatMap((item): (Message | Event)[] => {
      if (item.kind === 'message') return wasSaid(item) ? [signedOnly(item)] : []
      return tells(item, promises) ? [{ ...item, facts: toldFacts(item), actor: { ...item.actor, name: '' } }] : []
    }),
    page: {
      ...page,
      customer: confidential ? null : page.customer,
      clocks: page.clocks
        .filter((c) => tellableClocks.has(c.kind) || isPromise(c))
        .map((c) => ({ ...c, internalDueAt: null, owner: null })),
      attachments: page.attachments.filter((a) => a.visibility === 'public'),
      helpers: [],
      access: [],
      subjects: [],
      links: [],
      proposal: null,
      points: page.points.map((p) => pointTold(p, told)),
      complaint: decisionTold(withoutWeighing(nobodyNamed), told),
    },
  }
}

/** Whoever wrote an answer signed it; who wrote down a call did not. */
const signedOnly = (m: Message): Message => (m.direction === 'in' ? { ...m, authorName: '' } : m)

function withoutWeighing(c: Page['complaint']): Page['complaint'] {
  const hidden = c.mode === 'named' ? {} : { onBehalfOf: '' }
  return {
    ...c,
    severity: null,
    flags: [],
    confidentiality: 'normal',
    summary: '',
    approval: null,
    owner: null,
    authority: null,
    ...hidden,
  }
}

/** A finding that was not told yet is none. */
function pointTold(point: Page['points'][number], told: Read['told']): Page['points'][number] {
  const said = told?.points.find((p) => p.no === point.no)
  return { ...point, finding: (said?.finding ?? null) as typeof point.finding, answer: said?.answer ?? '' }
}

function decisionTold(c: Page['complaint'], told: Read['told']): Page['complaint'] {
  const { responded = null, finalised = null } = told?.answeredAt ?? {}
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  const nothing = responded === null && finalised === null
  const decided = nothing ? { outcomeCode: null, remedyCode: null, remedyAmount: null } : {}
  return { ...c, ...decided, respondedAt: iso(responded), finalAt: iso(finalised) }
}
