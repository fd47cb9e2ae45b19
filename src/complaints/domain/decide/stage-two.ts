import { stageTwo, startClock } from '../../../clocks/domain/index.ts'
import type { NewEvent } from '../event.ts'
import type { ComplaintClock, ComplaintState } from '../state.ts'
import type { Facts, Rule } from './facts.ts'

/** A review has a clock of its own: whoever asked for it waits for an answer, owner or none (domain.md §5). */
export function withStageClock<C>(rule: Rule<C>): Rule<C> {
  return {
    ...rule,
    decide: (state, command, facts) => {
      const decided = rule.decide(state, command, facts)
      return decided.ok
        ? { ...decided, value: decided.value.map((e) => starting(e, stageClock(state, facts))) }
        : decided
    },
  }
}

function starting(e: NewEvent, clock: ComplaintClock): NewEvent {
  const { changes } = e.payload
  return { ...e, payload: { ...e.payload, changes: { ...changes, clocks: [...(changes.clocks ?? []), clock] } } }
}

function stageClock(state: ComplaintState, { now, actor, newId, calendars }: Facts): ComplaintClock {
  const cause = { rule: 'review', requestedBy: actor.kind, requestedAt: now } as const
  const clock = startClock(stageTwo, { startedAt: now, policy: stageTwo, cause, calendars })
  return { ...clock, id: newId(), cycle: 1 + state.clocks.filter((c) => c.kind === 'stage').length }
}
