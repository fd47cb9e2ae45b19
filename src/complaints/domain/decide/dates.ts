import { followUp, lapse, type Milestone, startClock, starterPolicy } from '../../../clocks/domain/index.ts'
import type { NewEvent } from '../event.ts'
import type { Severity } from '../severity.ts'
import { apply, type ComplaintClock, type ComplaintState } from '../state.ts'
import { isAfterEnd, workflowOf } from '../workflow.ts'
import type { Facts } from './facts.ts'
import { toldIn } from './telling.ts'

/** The clock for stopping the harm; before policy version 2 it was the `resolve` clock of a critical complaint. */
export const isContainment = ({ kind, milestone }: Pick<ComplaintClock, 'kind' | 'milestone'>): boolean =>
  kind === 'containment' || (kind === 'resolve' && milestone === 'containment')

/**
 * These events, and with the last of them the clocks without which an open complaint would have no date: what its severity
 * asks for while it is unanswered, and after the answer when somebody looks at it again.
 */
export function withDates(before: ComplaintState, events: readonly NewEvent[], facts: Facts): NewEvent[] {
  const last = events.at(-1)
  if (!last) return []
  const after = events.reduce((s, e) => apply(s, s.version + 1, e.payload.changes), before)
  const clocks = missingClocks(after, facts, toldIn(events, facts.now))
  return clocks.length > 0 ? [...events.slice(0, -1), starting(last, clocks)] : [...events]
}

function starting(e: NewEvent, clocks: readonly ComplaintClock[]): NewEvent {
  const { changes } = e.payload
  return { ...e, payload: { ...e.payload, changes: { ...changes, clocks: [...(changes.clocks ?? []), ...clocks] } } }
}

/** `told`: when they last had news, from which the next is owed. */
function missingClocks(state: ComplaintState, facts: Facts, told: number): ComplaintClock[] {
  if (!state.open) return []
  // What was written to after its end owes nothing of before, but somebody has still to look.
  const over = isAfterEnd(workflowOf(state.workflow), state.state)
  const asked = !over && unanswered(state) ? askedBySeverity(state, facts, told) : []
  const since = over ? (state.closedAt ?? 0) : 0
  if (asked.length > 0 || state.clocks.some((c) => runs(c) && c.startedAt >= since)) return asked
  const { now } = facts
  const cause = { rule: 'follow_up', at: now } as const
  return [numbered(state, startClock(followUp, { ...facts, startedAt: now, policy: followUp, cause }), facts)]
}

// Paused counts as running: what it waits for sets it going again.
const runs = (c: ComplaintClock) => c.settledAt === null && c.state !== 'cancelled' && c.state !== 'met'

const unanswered = ({ respondedAt, finalAt, state }: ComplaintState) =>
  respondedAt === null && finalAt === null && state !== 'review'

function askedBySeverity(state: ComplaintState, facts: Facts, told: number): ComplaintClock[] {
  const severity = state.severity as Severity | null
  if (severity === null) return []
  return starterPolicy.targets[severity]
    .filter((milestone) => isMissing(milestone, state))
    .map((milestone) => started(milestone, { severity, told }, state, facts))
}

/** Harm is stopped once; an answer and news are owed as long as there was no answer. First words never start again. */
function isMissing({ kind }: Milestone, { clocks }: ComplaintState): boolean {
  if (kind === 'containment') return !clocks.some((c) => isContainment(c) && c.state !== 'cancelled')
  if (kind === 'resolve') return !clocks.some((c) => c.kind === kind && !isContainment(c) && c.settledAt === null)
  return kind === 'next_update' && !clocks.some((c) => c.kind === kind && c.settledAt === null)
}

/** From the receipt on, as every date of a severity; one that the change puts over is breached now, not before. */
function started(
  milestone: Milestone,
  { severity, told }: { readonly severity: Severity; readonly told: number },
  state: ComplaintState,
  facts: Facts,
): ComplaintClock {
  const { now } = facts
  const startedAt = milestone.kind === 'next_update' ? told : state.receivedAt
  const before = { target: milestone.target, dueAt: null }
  const cause = { rule: 'target_changed', changed: 'severity', value: severity, at: now, before } as const
  const clock = startClock(milestone, { ...facts, startedAt, policy: starterPolicy, cause })
  const late = lapse(clock, now)
  return numbered(state, late === clock ? clock : { ...late, breachedAt: now }, facts)
}

function numbered(state: ComplaintState, clock: ReturnType<typeof startClock>, { newId }: Facts): ComplaintClock {
  return { ...clock, id: newId(), cycle: 1 + state.clocks.filter((c) => c.kind === clock.kind).length }
}
