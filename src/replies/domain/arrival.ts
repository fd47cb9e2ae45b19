import {
  apply,
  type Changes,
  type ComplaintState,
  event,
  type Facts,
  fold,
  heardFacts,
  type NewEvent,
  saidAgain,
  unheard,
  withDates,
} from '../../complaints/domain/index.ts'
import { isWord, lostMessages } from './later-words.ts'
import { joined, takeBack, type Told } from './undo.ts'

/** A message that will not arrive. `codeClass` is the mail server's (`5xx`), `none` where it was never reached. */
export type Loss = {
  readonly outboxId: string
  readonly messageId: string | null
  readonly cause: 'refused' | 'given-up'
  readonly codeClass: string
}

/** An event about a message, and where its story of the points begins again. */
export type Noted = {
  readonly event: NewEvent
  /** Answers of points are as they were after this event. */
  readonly answersAsOf: number
}

const none = { changes: {}, seqs: [] as readonly number[] }

/** Where a message was said; -1 for one that no event brought. */
export function saidAt(events: readonly Told[], messageId: string | null): number {
  return messageId === null
    ? -1
    : events.findIndex((e) => isWord(e, nothing) && e.payload.facts.messageId === messageId)
}
const nothing: ReadonlySet<unknown> = new Set()

/**
 * A message did not arrive. What it had settled is owed again, and what it had ended is open again, as if it were taken
 * back; unless they have spoken of it since: then it did reach them. It counts as a try to reach them, and they hear from us
 * another way within a day.
 */
export function replyFailed(id: string, events: readonly Told[], loss: Loss, facts: Facts): Noted {
  const state = fold(id, events)
  const at = saidAt(events, loss.messageId)
  const known = at >= 0 && events.slice(at + 1).some(showsItArrived)
  const again = lostMessages(events).has(loss.messageId)
  const { changes, seqs } = at < 0 || known || again ? none : takeBack(id, events, at, facts.now, true)
  const after = apply(state, state.version, changes)
  const owed = known || !concerns(after, events, at) ? {} : unheard(after, facts)
  const tried = after.open || owed.set?.open ? { set: { attempts: [...after.attempts, attempt(facts.now)] } } : {}
  const said = { ...loss, ...undoing(seqs), ...heardFacts(after, owed) }
  const failed = event('reply_failed', said, [changes, owed, tried].reduce<Changes>(joined, {}))
  return { event: dated(state, failed, facts), answersAsOf: (seqs.at(-1) ?? Infinity) - 1 }
}

/** With the clocks an open complaint is never without. */
function dated(state: ComplaintState, e: NewEvent, facts: Facts): NewEvent {
  return withDates(state, [e], facts)[0] ?? e
}

export const attempt = (at: number) => ({ at, channel: 'email' })

/** In the words of the event: what it takes back. */
export function undoing(seqs: readonly number[]): Record<string, unknown> {
  return seqs.length > 1 ? { undoes: seqs.at(-1), alsoUndoes: seqs.slice(0, -1) } : { undoes: seqs[0] }
}

/** What they do only in knowledge of an answer. */
function showsItArrived({ type, payload }: Told): boolean {
  return type === 'review_requested' || (type === 'followed_up' && payload.facts.stance !== 'unreachable')
}

/**
 * Whether anybody waits for it: always while the complaint is open; once it has ended, when nothing else was said since, and
 * not when they had withdrawn it after.
 */
function concerns({ open, state }: ComplaintState, events: readonly Told[], at: number): boolean {
  if (open) return true
  if (at < 0 || state === 'merged' || events[at]?.type === 'acknowledged') return false
  const since = events.slice(at + 1)
  const lost = lostMessages(events)
  return !since.some((e) => e.type === 'withdrawn' || isWord(e, lost))
}

/** What was lost has been sent after all: it does now what words said now do. */
export function replySent(
  id: string,
  events: readonly Told[],
  loss: Pick<Loss, 'outboxId' | 'messageId'>,
  facts: Facts,
): Noted {
  const state = fold(id, events)
  const at = saidAt(events, loss.messageId)
  const said = events[at]
  const decided = events[at - 1]
  const withIt = decided?.type === 'decided' && decided.payload.facts.answerId === loss.messageId
  const done =
    said && state.state !== 'merged'
      ? saidAgain(state, { ...said, decided: withIt ? decided.payload : undefined }, facts)
      : []
  const changes = done.map((e) => e.payload.changes).reduce<Changes>(joined, {})
  return { event: dated(state, event('reply_sent', { ...loss }, changes), facts), answersAsOf: said?.seq ?? 0 }
}
