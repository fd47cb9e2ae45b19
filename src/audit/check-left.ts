import type { Bundle, EventRow, OutboxRow } from './bundle.ts'
import { sentByUs } from './check-said.ts'
import type { Finding } from './finding.ts'
import { factsOf } from './proofs.ts'

type Wrong = Pick<Finding, 'code' | 'seq' | 'what'>

/** The longest a message may wait to be taken back. */
const longestUndoMs = 60_000

/**
 * Outgoing messages that stand otherwise than the history says: taken back or failed without an event that says so, or the
 * other way round, or held back from the complainant for longer than any undo time. An answer that also went to a contact
 * of a merged complaint is the survivor's, and is looked at there.
 */
export function checkLeft({ events, outbox, messages }: Bundle): Wrong[] {
  return [...checkRows({ events, outbox }), ...checkQueued({ events, outbox, messages })]
}

/**
 * An answer that we were to send and that stands in no outbox: somebody took the row away, and it never left. Words that are
 * gone themselves are told by the check of texts; an answer told otherwise (a call, a letter) had nothing to send.
 */
function checkQueued({ events, outbox, messages }: Pick<Bundle, 'events' | 'outbox' | 'messages'>): Wrong[] {
  const queued = new Set(outbox.map((row) => row.messageId))
  const here = new Set(messages.map((m) => m.id))
  return events.filter(sentByUs).flatMap((e): Wrong[] => {
    const { messageId } = factsOf(e)
    if (typeof messageId !== 'string' || !here.has(messageId) || queued.has(messageId)) return []
    return [{ code: 'audit.outbox-missing', seq: e.seq, what: `message ${messageId}` }]
  })
}

function checkRows({ events, outbox }: Pick<Bundle, 'events' | 'outbox'>): Wrong[] {
  const merged = events.some((e) => e.type === 'absorbed')
  return outbox.flatMap((row): Wrong[] => {
    const about = events.filter((e) => row.messageId !== null && factsOf(e).messageId === row.messageId)
    const said = about.find((e) => !ways.has(e.type))
    if (!said) return []
    const wrong = [
      (row.state === 'cancelled') !== about.some((e) => e.type === 'reply_cancelled') && 'taken back',
      !lossFits(row, about, merged) && 'arrived',
      !waitFits(row, said) && 'held back',
    ].filter(Boolean)
    const what = `outbox ${row.id}: ${row.state}, ${wrong.join(', ')}`
    return wrong.length > 0 ? [{ code: 'audit.outbox-mismatch', seq: said.seq, what }] : []
  })
}

const ways = new Set(['reply_cancelled', 'reply_failed', 'reply_sent'])

/** `merged`: the same words may have arrived at the contact of a merged complaint. */
function lossFits(row: OutboxRow, about: readonly EventRow[], merged: boolean): boolean {
  const last = about.findLast((e) => e.type === 'reply_failed' || e.type === 'reply_sent')
  if (row.state === 'failed') return last?.type === 'reply_failed' || merged
  return !(row.state === 'sent' && last?.type === 'reply_failed' && factsOf(last).outboxId === row.id)
}

function waitFits({ notBefore }: OutboxRow, { at }: EventRow): boolean {
  const waited = Date.parse(notBefore) - Date.parse(at)
  return waited >= 0 && waited <= longestUndoMs
}
