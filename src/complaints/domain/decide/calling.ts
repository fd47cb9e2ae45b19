import { ok } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { Attempt, ComplaintState, Fields } from '../state.ts'
import { heard, heardFacts } from './wrote-again.ts'
import { type Facts, first, given, moving, type Rule, settling, type Spoken } from './facts.ts'

/** What stands in the history of a call; number and words are rows of their own. */
export type CallFacts = {
  readonly direction: 'in' | 'out'
  readonly outcome: 'reached' | 'no_answer' | 'refused' | 'voicemail'
  /** When it began, as ISO text. */
  readonly startedAt: string
  readonly seconds: number
  /** The caller was told that it is recorded; null: it was not recorded. */
  readonly consent: boolean | null
  readonly recordingId?: string | undefined
}

export type Call = CallFacts & { readonly spoken: Spoken }

/**
 * A telephone call. What they said comes in as on any channel. A call of ours that reached them is a human answer on the
 * way and keeps every call-back agreed; one that nobody took is a try to reach them, as a message left is.
 */
export const call: Rule<Call> = {
  permission: 'complaint.append',
  decide: (state, { spoken, ...told }, facts) => ok([called(state, { ...spoken, ...given(told) }, told, facts)]),
}

const unreached: ReadonlySet<string> = new Set(['no_answer', 'voicemail'])

function called(
  state: ComplaintState,
  said: Readonly<Record<string, unknown>>,
  told: CallFacts,
  facts: Facts,
): NewEvent {
  const { now } = facts
  if (told.direction === 'in') {
    const changes = heard(state, facts)
    return event('called', { ...said, ...heardFacts(state, changes) }, changes)
  }
  if (told.outcome === 'reached') {
    return event('called', said, {
      set: { ...moving(state, 'acknowledge'), ...spokenWith(state, now) },
      clocks: settling(state, ['acknowledge', 'first_reply', 'next_update', 'callback'], now),
    })
  }
  if (!state.open || !unreached.has(told.outcome)) return event('called', said)
  const attempt: Attempt = { at: Date.parse(told.startedAt), channel: 'phone' }
  return event('called', said, { set: { attempts: [...state.attempts, attempt] } })
}

/** Whoever was reached is not unreachable. */
function spokenWith(state: ComplaintState, now: number): Partial<Fields> {
  if (!state.open) return {}
  return {
    firstReplyAt: first(state.firstReplyAt, now),
    acknowledgedAt: first(state.acknowledgedAt, now),
    attempts: [],
  }
}
