import { ok, refuse } from '../../../kit/pure/result.ts'
import { event, type NewEvent } from '../event.ts'
import type { Attempt, ComplaintState, Fields } from '../state.ts'
import { heard, heardFacts } from './wrote-again.ts'
import { type Facts, first, given, moving, type Rule, settling, type Spoken } from './facts.ts'
import { lateTelling } from '../late.ts'
import { callEnded } from './telling.ts'

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

export type Call = CallFacts & {
  readonly spoken: Spoken
  /** Why it is written down so much later. */
  readonly backdating?: Spoken | undefined
}

/**
 * A telephone call. What they said comes in as on any channel. A call of ours that reached them is a human answer on the
 * way and keeps every call-back agreed; one that nobody took is a try to reach them, as a message left is.
 */
export const call: Rule<Call> = {
  permission: 'complaint.append',
  decide: (state, { spoken, ...told }, facts) => {
    const met = told.direction === 'out' && told.outcome === 'reached'
    const late = met && facts.now - callEnded(told, facts.now) > lateTelling
    return late && !told.backdating
      ? refuse('complaints.told-late', { days: lateTelling / 86_400_000 })
      : ok([called(state, { ...spoken, ...given(told) }, told, facts)])
  },
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
    // One in which it was first said began before there was a complaint.
    const at = Math.max(state.receivedAt, callEnded(told, now))
    return event('called', said, {
      set: { ...moving(state, 'acknowledge'), ...spokenWith(state, at) },
      clocks: settling(state, ['acknowledge', 'first_reply', 'next_update', 'callback'], at),
    })
  }
  if (!state.open || !unreached.has(told.outcome)) return event('called', said)
  const attempt: Attempt = { at: Date.parse(told.startedAt), channel: 'phone' }
  return event('called', said, { set: { attempts: [...state.attempts, attempt] } })
}

/** Whoever was reached is not unreachable. */
function spokenWith(state: ComplaintState, at: number): Partial<Fields> {
  if (!state.open) return {}
  return {
    firstReplyAt: first(state.firstReplyAt, at),
    acknowledgedAt: first(state.acknowledgedAt, at),
    attempts: [],
  }
}
