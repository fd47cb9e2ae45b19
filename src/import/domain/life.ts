import { type Calendars, lapse, planClocks, startClock, starterPolicy, followUp } from '../../clocks/domain/index.ts'
import {
  blank,
  type ComplaintClock,
  type ComplaintState,
  event,
  type Fields,
  type IntakeProof,
  isoWorkflow,
  type NewEvent,
  severityOf,
} from '../../complaints/domain/index.ts'
import type { Flaw, Told } from './told.ts'

/** Words that came with it: a row of their own, of which the history holds the salted hash. */
export type Said = {
  readonly messageId: string
  readonly hash: string
  readonly authorHash: string | null
  readonly at: number
  readonly direction: 'in' | 'out' | 'note'
  /** Files that stand with it, each with the salted hash of its bytes, type and name. */
  readonly files?: readonly { readonly attachmentId: string; readonly hash: string }[]
}
export type Dated = { readonly at: number; readonly event: NewEvent }

/** What is not in the row: numbers, ids, hashes, and the house it comes into. */
export type Given = {
  readonly run: string
  /** When it is brought in, epoch ms: every event but the last says an earlier moment. */
  readonly now: number
  readonly number: string
  readonly customerId: string | null
  readonly teamId: string
  readonly locale: string
  readonly inboundItemId: string
  readonly point: { readonly id: string; readonly hash: string }
  readonly first: Said
  /** The answer, where there are words of it. */
  readonly answer: Said | null
  readonly more: readonly Said[]
  readonly proof: IntakeProof
  readonly jurisdiction: string
  readonly calendars: Calendars
  readonly newId: () => string
}

/** Which instants of a row say nothing of how long it took; null when all do. */
export function flawOf(told: Told): Flaw | null {
  const early = (at: number | null) => at !== null && at < told.receivedAt
  const closed = told.state !== 'open' && early(told.closedAt)
  // An answer without a date of its own stands at the end (rows.ts).
  const answered =
    early(told.answeredAt ?? (told.answer === '' ? null : told.closedAt)) ||
    told.messages.some((m) => m.direction === 'out' && early(m.at))
  if (closed && answered) return 'closed-and-answered-before-received'
  return closed ? 'closed-before-received' : answered ? 'answered-before-received' : null
}

/**
 * The history of a complaint as the source tells it, in the words of ours: received, said, answered, closed, each at its own
 * moment and marked as imported; of one that is still open last of all that it was brought in, which is when its dates begin to
 * run. Nothing ends before it began: what the source says is earlier is kept beside (`sourceAt`), and the run knows it as flawed.
 */
export function lifeOf(told: Told, given: Given): Dated[] {
  const events: Dated[] = [{ at: told.receivedAt, event: received(told, given) }]
  let met: Met = { acknowledgedAt: null, firstReplyAt: null, respondedAt: null }
  const state = (name: string) => ({ state: name })
  for (const said of inOrder(told, given)) {
    const at = Math.max(said.at, told.receivedAt)
    const { facts, set } = spoken(said, at, told, met)
    met = { ...met, ...set }
    const moved =
      said.type === 'responded' ? state('responded') : set.firstReplyAt && !told.ownerId ? state('acknowledged') : {}
    events.push({
      at,
      event: marked(
        event(said.type, facts, set.firstReplyAt || said.type === 'responded' ? { set: { ...moved, ...set } } : {}),
        given,
        said.at < told.receivedAt ? said.at : null,
      ),
    })
  }
  events.push(told.state === 'open' ? { at: given.now, event: brought(told, given, met) } : ended(told, given))
  return events
}

type Met = Pick<Fields, 'acknowledgedAt' | 'firstReplyAt' | 'respondedAt'>
type Step = {
  readonly type: 'message_received' | 'noted' | 'replied' | 'responded'
  readonly at: number
  readonly said: Said | null
}

/** What was said after the first words, oldest first. The last answer before the end is the one that decides. */
function inOrder(told: Told, { answer, more }: Given): Step[] {
  const steps: Step[] = more.map((said) => ({ type: types[said.direction], at: said.at, said }))
  const at = told.answeredAt ?? answer?.at ?? null
  if (at !== null || answer) steps.push({ type: 'replied', at: at ?? told.receivedAt, said: answer })
  steps.sort((a, b) => a.at - b.at)
  const decides = told.state !== 'open' || told.outcomeCode !== null
  const last = decides ? steps.findLastIndex((s) => s.type === 'replied') : -1
  return steps.map((s, i) => (i === last ? { ...s, type: 'responded' } : s))
}
const types = { in: 'message_received', out: 'replied', note: 'noted' } as const

function spoken(
  { type, said }: Step,
  at: number,
  told: Told,
  met: Met,
): { facts: Record<string, unknown>; set: Partial<Fields> } {
  const channel =
    type === 'message_received' ? { channel: told.channel } : type === 'noted' ? {} : { told: tellable(told.channel) }
  const facts = {
    ...(said ? { messageId: said.messageId, hash: said.hash, messages: [telling(said)] } : {}),
    ...channel,
  }
  if (type === 'message_received' || type === 'noted') return { facts, set: {} }
  const spoke = { acknowledgedAt: met.acknowledgedAt ?? at, firstReplyAt: met.firstReplyAt ?? at }
  if (type === 'replied') return { facts, set: spoke }
  const decided = told.outcomeCode ? { outcomeCode: told.outcomeCode, decidedAt: at } : {}
  return {
    facts: { ...facts, ...(told.outcomeCode ? { outcomeCode: told.outcomeCode } : {}) },
    set: { ...spoke, ...decided, respondedAt: at },
  }
}

/** What another system told them is nothing for us to send: our own pages and systems are not how they were told. */
export const tellable = (channel: string) => (channel === 'portal' || channel === 'api' ? 'web_form' : channel)

const telling = ({ messageId, authorHash, files = [] }: Said) => ({
  messageId,
  ...(authorHash ? { authorHash } : {}),
  ...(files.length > 0 ? { files } : {}),
})

/** Marks an event as told by another system. */
function marked(e: NewEvent, { run }: Given, toldAt: number | null): NewEvent {
  const facts = {
    ...e.payload.facts,
    imported: run,
    ...(toldAt === null ? {} : { sourceAt: new Date(toldAt).toISOString() }),
  }
  return { ...e, payload: { ...e.payload, facts } }
}

function received(told: Told, given: Given): NewEvent {
  const assumed = told.severity === null
  const { severity, why } = severityOf(2, 2, [])
  return marked(
    event(
      'received',
      {
        channel: told.channel,
        inboundItemId: given.inboundItemId,
        message: { messageId: given.first.messageId, hash: given.first.hash },
        points: [given.point],
        backdated: true,
        ...(assumed ? { severityWhy: { ...why, assumed } } : {}),
        assignedWhy: { rule: 'imported' },
        acknowledgedBy: null,
        proof: given.proof,
        messages: [telling(given.first)],
      },
      {
        set: {
          number: given.number,
          state: told.ownerId ? 'assigned' : isoWorkflow.initial,
          open: true,
          workflow: { key: isoWorkflow.key, version: isoWorkflow.version },
          channel: told.channel,
          mode: 'named',
          confidentiality: 'normal',
          customerId: given.customerId,
          ownerId: told.ownerId,
          teamId: given.teamId,
          typeCode: told.typeCode,
          productId: told.productId,
          placeId: told.placeId,
          severity: told.severity ?? (told.state === 'open' ? severity : null),
          receivedAt: told.receivedAt,
          loggedAt: given.now,
          locale: given.locale,
        },
        points: [{ id: given.point.id, no: 1, finding: null }],
      },
    ),
    given,
    null,
  )
}

function ended(told: Told, given: Given): Dated {
  const said = told.closedAt ?? told.receivedAt
  const at = Math.max(said, told.receivedAt)
  const withdrawn = told.state === 'withdrawn'
  const answered = told.answeredAt !== null || given.answer !== null || given.more.some((m) => m.direction === 'out')
  const outcome = !answered && told.outcomeCode ? { outcomeCode: told.outcomeCode, decidedAt: at } : {}
  const closureCode = withdrawn ? 'C4' : null
  const flaw = flawOf(told)
  const e = event(
    withdrawn ? 'withdrawn' : 'closed',
    { ...(closureCode ? { reasonCode: closureCode } : {}), ...(flaw ? { flaw } : {}) },
    {
      set: { ...outcome, state: withdrawn ? 'withdrawn' : 'closed', open: false, closedAt: at, closureCode },
    },
  )
  return { at, event: marked(e, given, said < told.receivedAt ? said : null) }
}

/** That it was brought in. What is still open gets its dates as of now: those of the old system are nobody's any more. */
function brought(told: Told, given: Given, met: Met): NewEvent {
  const flaw = flawOf(told)
  const clocks = datesOf(told, given, met)
  return event('imported', { imported: given.run, ...(flaw ? { flaw } : {}) }, { clocks })
}

/**
 * The dates of what comes in open: of its severity what is owed until the answer, counted from now; the law's from the true
 * receipt, over already where it is (without telling anybody again); after the answer, when somebody looks at it.
 */
function datesOf(told: Told, { now, calendars, jurisdiction, newId }: Given, met: Met): ComplaintClock[] {
  const severity = told.severity ?? severityOf(2, 2, []).severity
  const numbered = (clock: Omit<ComplaintClock, 'id' | 'cycle'>) => ({ ...clock, id: newId(), cycle: 1 })
  if (met.respondedAt !== null) {
    const cause = { rule: 'follow_up', at: now } as const
    return [numbered(startClock(followUp, { startedAt: now, policy: followUp, cause, calendars }))]
  }
  const cause = { rule: 'severity', severity, receivedAt: told.receivedAt, loggedAt: now } as const
  const owed = starterPolicy.targets[severity]
    .filter(({ kind }) => kind !== 'acknowledge' && kind !== 'first_reply')
    .map((milestone) => startClock(milestone, { startedAt: now, policy: starterPolicy, cause, calendars }))
  const none = { low: [], medium: [], high: [], critical: [] }
  const byLaw = planClocks({
    severity,
    receivedAt: told.receivedAt,
    loggedAt: now,
    jurisdiction,
    calendars,
    policy: { ...starterPolicy, targets: none },
  })
  return [...owed, ...byLaw.map((clock) => ({ ...clock, ...lapse(clock, now) }))].map(numbered)
}

/** The state that a life leads to; the same fold as anywhere. */
export const unborn = (id: string): ComplaintState => ({ id, ...blank })
