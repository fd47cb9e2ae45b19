import type { Result } from '../../../kit/pure/result.ts'
import type { EventActor, NewEvent } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { nextState, workflowOf } from '../workflow.ts'
import { acknowledge, askInfo } from './handling.ts'
import { reply } from './answering.ts'
import { authorityWaits, finalise, redirect } from './ending.ts'
import type { Facts, GivenFinding, Rule, Spoken } from './facts.ts'

/** Something said to the complainant once, as its event has it. */
export type SaidOnce = {
  readonly type: string
  readonly actor: EventActor
  readonly payload: NewEvent['payload']
  /** What was decided with it. */
  readonly decided?: NewEvent['payload'] | undefined
}

/**
 * What it does that words reach the complainant only now, as if they were said now: the same answer, decision or question
 * where the process still has room for it, else a word on the way.
 */
export function saidAgain(state: ComplaintState, said: SaidOnce, given: Facts): NewEvent[] {
  const facts = { ...given, actor: said.actor }
  // Receipt was proven another way since: that is older, and stays.
  if (said.type === 'acknowledged' && state.acknowledgedAt !== null) return []
  const whole = nextState(workflowOf(state.workflow), actions[said.type] ?? '', state) !== undefined
  const again = whole ? asBefore(state, said, facts) : undefined
  if (again?.ok) return again.value
  const word = reply.decide(state, { spoken: spokenOf(said), decision: false, findings: [] }, facts)
  return word.ok ? word.value : []
}

/** What an event's words do to the process, beside informing. */
const actions: Readonly<Record<string, string>> = {
  acknowledged: 'acknowledge',
  information_requested: 'ask_info',
  responded: 'respond',
  finalised: 'finalise',
  redirected: 'redirect',
}

function asBefore(state: ComplaintState, said: SaidOnce, facts: Facts): Result<NewEvent[]> | undefined {
  const spoken = spokenOf(said)
  const before = said.payload.facts
  if (said.type === 'acknowledged') return run(acknowledge, state, { spoken }, facts)
  if (said.type === 'information_requested') return run(askInfo, state, { of: String(before.of), spoken }, facts)
  if (said.type === 'responded') {
    const { outcomeCode } = said.decided?.facts ?? {}
    const answer = { spoken, decision: true, findings: findingsOf(said.decided?.facts) }
    return run(reply, state, { ...answer, ...(outcomeCode ? { outcomeCode: String(outcomeCode) } : {}) }, facts)
  }
  if (authorityWaits(state)) return undefined
  if (said.type === 'redirected') return run(redirect, state, { reasonHash: String(before.reasonHash), spoken }, facts)
  const remedyCode = said.payload.changes.set?.remedyCode ?? undefined
  const word = { outcomeCode: String(before.outcomeCode), findings: findingsOf(before), spoken, remedyCode }
  return run(finalise, state, word, facts)
}

const run = <C>(rule: Rule<C>, state: ComplaintState, command: C, facts: Facts): Result<NewEvent[]> =>
  rule.decide(state, command, facts)

function spokenOf({ payload: { facts } }: SaidOnce): Spoken {
  return { messageId: String(facts.messageId), hash: String(facts.hash) }
}

function findingsOf(facts: Readonly<Record<string, unknown>> = {}): GivenFinding[] {
  return Array.isArray(facts.findings) ? (facts.findings as GivenFinding[]) : []
}
