import {
  absorb,
  apply,
  type Changes,
  type ComplaintState,
  event,
  type Facts,
  fold,
  handedOver,
  isSame,
  type NewEvent,
  unheard,
} from '../../complaints/domain/index.ts'
import { attempt, type Loss, type Noted, saidAt, undoing } from './arrival.ts'
import { joined, takeBack, type Told } from './undo.ts'

type Merged = { readonly id: string; readonly events: readonly Told[] }

/**
 * A message of a complaint that was merged since did not arrive. Here it is as if it had been merged unanswered; what it owes
 * is owed by the survivor, as if it had been taken over so.
 */
export function replyFailedMerged(
  { id, events }: Merged,
  survivor: ComplaintState,
  loss: Loss,
  facts: Facts,
): { merged: Noted; survivor: NewEvent[] } {
  const at = saidAt(events, loss.messageId)
  const upto = events.slice(
    0,
    events.findLastIndex((e) => e.type === 'merged'),
  )
  const now = fold(id, events)
  const then = fold(id, upto)
  const again = events.some((e) => e.type === 'reply_failed' && e.payload.facts.messageId === loss.messageId)
  const { changes, seqs } =
    at < 0 || at >= upto.length || again ? { changes: {}, seqs: [] } : takeBack(id, upto, at, facts.now, true)
  const unanswered = apply(then, then.version, changes)
  const noted = event(
    'reply_failed',
    { ...loss, ...undoing(seqs), into: survivor.id },
    inMerged(now, then, changes, unanswered),
  )
  return {
    merged: { event: noted, answersAsOf: (seqs.at(-1) ?? Infinity) - 1 },
    survivor: takenOver(survivor, { ...unanswered, mergedInto: survivor.id, closedAt: now.closedAt }, loss, facts),
  }
}

/** What of it shows in the merged one: its fields, and clocks as merging would have left them. */
function inMerged(now: ComplaintState, then: ComplaintState, back: Changes, unanswered: ComplaintState): Changes {
  const set = Object.entries(back.set ?? {}).filter(([name]) => {
    const key = name as keyof typeof now
    return !['state', 'open'].includes(name) && isSame(now[key], then[key])
  })
  const given = back.clocks ?? []
  const ended = handedOver({ clocks: given }, now.closedAt ?? 0)
  const clocks = given.map((c) => ended.find((e) => e.id === c.id) ?? c)
  return {
    ...back,
    set: { ...Object.fromEntries(set), stateBeforeMerge: unanswered.state },
    ...(clocks.length > 0 ? { clocks } : {}),
  }
}

function takenOver(survivor: ComplaintState, merged: ComplaintState, loss: Loss, facts: Facts): NewEvent[] {
  const absorbed = absorb(survivor, merged, [], facts).map((e) => asItStands(e, survivor))
  const after = absorbed.reduce((s, e) => apply(s, s.version, e.payload.changes), survivor)
  const owed = unheard(after, facts)
  const tried = { set: { attempts: [...after.attempts, attempt(facts.now)] } }
  const { outboxId, cause, codeClass } = loss
  const failed = event('reply_failed', { outboxId, from: merged.id, cause, codeClass }, joined(owed, tried))
  return [...absorbed, failed]
}

/** A survivor that has ended owes it when it is taken up again, as it does what it owed itself. */
function asItStands(e: NewEvent, { open, closedAt }: ComplaintState): NewEvent {
  const { facts, changes } = e.payload
  if (open || !changes.clocks) return e
  const ended = handedOver({ clocks: changes.clocks }, closedAt ?? 0)
  const clocks = changes.clocks.map((c) => ended.find((x) => x.id === c.id) ?? c)
  return event(e.type, facts, { ...changes, clocks })
}
