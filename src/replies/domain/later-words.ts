import { settle } from '../../clocks/domain/index.ts'
import { type Changes, type ComplaintState, metByWords, saidAt } from '../../complaints/domain/index.ts'
import type { Told } from './undo.ts'

/** Words to the complainant, and what they meet beside what any word of a person meets. */
const meets: Readonly<Record<string, readonly string[]>> = {
  acknowledged: [],
  replied: [],
  information_requested: [],
  called: [],
  redirected: [],
  responded: ['resolve', 'statutory', 'stage'],
  finalised: ['resolve', 'statutory', 'stage'],
}

/** Whether this says something to the complainant that has not been lost. */
export function isWord(e: Told, lost: ReadonlySet<unknown>): boolean {
  const { messageId, direction, outcome, of } = e.payload.facts
  if (!(e.type in meets) || lost.has(messageId)) return false
  if (e.type === 'called') return direction === 'out' && outcome === 'reached'
  if (e.type === 'information_requested') return of === 'customer' && messageId !== undefined
  return messageId !== undefined
}

/** Messages that were taken back, or did not arrive and have not been sent again since. */
export function lostMessages(events: readonly Told[]): ReadonlySet<unknown> {
  const lost = new Set<unknown>()
  for (const { type, payload } of events) {
    if (type === 'reply_cancelled' || type === 'reply_failed') lost.add(payload.facts.messageId)
    if (type === 'reply_sent') lost.delete(payload.facts.messageId)
  }
  return lost
}

type Given = { readonly events: readonly Told[]; readonly at: number; readonly given: ReadonlySet<string> }

/**
 * What words said after event `at` meet of the clocks given back, now that an earlier one is not there to have met it: each
 * when it was said.
 */
export function countingLaterWords(state: ComplaintState, { events, at, given }: Given): Changes {
  const lost = lostMessages(events)
  const words = events.slice(at + 1).filter((e) => isWord(e, lost))
  const byPerson = words.find((e) => e.actor.kind !== 'integration' && e.type !== 'acknowledged')
  const clocks = state.clocks.flatMap((clock) => {
    const word = words.find((e) => clock.startedAt <= saidAt(e) && kindsOf(e).includes(clock.kind))
    return given.has(clock.id) && clock.settledAt === null && word ? [{ ...clock, ...settle(clock, saidAt(word)) }] : []
  })
  const set = {
    ...(state.acknowledgedAt === null && words[0] ? { acknowledgedAt: saidAt(words[0]) } : {}),
    ...(state.firstReplyAt === null && byPerson ? { firstReplyAt: saidAt(byPerson) } : {}),
  }
  return { set, ...(clocks.length > 0 ? { clocks } : {}) }
}

function kindsOf({ type, actor }: Told): readonly string[] {
  if (type === 'acknowledged') return ['acknowledge']
  return actor.kind === 'integration' ? metByWords(actor) : [...metByWords(actor), ...(meets[type] ?? [])]
}
