import type { Policy, Severity, Target } from './policy.ts'
import { type Calendars, type PlannedClock, dueOf } from './targets.ts'

/**
 * The event a clock waited for has happened: met when not after the due instant, else breached at the due instant.
 * A result once reached stays; a breached clock only notes when the event came after all.
 */
export function settle(clock: PlannedClock, eventAt: number): PlannedClock {
  if (clock.settledAt !== null) return clock
  // Breached as far as anybody knew, and yet kept: what met it is only now known.
  if (clock.state === 'breached' && clock.dueAt !== null && eventAt <= clock.dueAt)
    return { ...clock, state: 'met', settledAt: eventAt, breachedAt: null }
  const now = lapse(clock, eventAt)
  return now.state === 'running' ? { ...now, state: 'met', settledAt: eventAt } : { ...now, settledAt: eventAt }
}

/** Breached, with its true time, when it is still running after its due instant; however late this is noticed. */
export function lapse(clock: PlannedClock, now: number): PlannedClock {
  const over = clock.state === 'running' && clock.dueAt !== null && now > clock.dueAt
  return over ? { ...clock, state: 'breached', breachedAt: clock.dueAt } : clock
}

/** What changed a target, and when. */
export type TargetChange = {
  readonly at: number
  /** 'severity', 'calendar', 'policy' … and the value it has now. */
  readonly changed: string
  readonly value: string
  readonly calendars: Calendars
  /** `original` (default) counts from the clock's own start; `change` from now on. */
  readonly from?: 'original' | 'change'
  readonly policy?: { readonly key: string; readonly version: number }
}

/**
 * The clock under another target, or under a changed calendar (pass its own target). A clock met or over stays as it is:
 * lowering never un-breaches. One that the change puts over is breached at the moment of the change, with the cause
 * `target_changed`, so that it is not charged to the earlier owner.
 */
export function replan(clock: PlannedClock, target: Target, change: TargetChange): PlannedClock {
  const current = lapse(clock, change.at)
  if (current.state !== 'running') return current
  const { at, changed, value } = change
  const due = dueOf(target, change.from === 'change' ? at : clock.startedAt, change.calendars)
  const policy = change.policy ? { key: change.policy.key, version: change.policy.version } : clock.policy
  const before = { target: clock.target, dueAt: clock.dueAt }
  const cause = { rule: 'target_changed', changed, value, at, before } as const
  const replanned: PlannedClock = { ...clock, target, policy, cause, ...due }
  const over = due.dueAt !== null && due.dueAt < at
  return over ? { ...replanned, state: 'breached', breachedAt: at } : replanned
}

/**
 * Every clock under the targets of another severity; those severity does not set (law, authority …) stay. What only the
 * severity of before asked for is over: the harm need not be stopped within hours, news are not owed every day.
 */
export function replanForSeverity(
  clocks: readonly PlannedClock[],
  change: { severity: Severity; at: number; policy: Policy; calendars: Calendars },
): PlannedClock[] {
  const { severity, at, policy, calendars } = change
  return clocks.map((clock) => {
    const milestone = policy.targets[severity].find(({ kind }) => kind === clock.kind)
    if (!milestone) return ofSomeSeverities(clock, policy) ? over(clock, at) : clock
    const replanned = replan(clock, milestone.target, { at, changed: 'severity', value: severity, calendars, policy })
    if (replanned.cause === clock.cause) return replanned
    return { ...replanned, milestone: milestone.milestone ?? null, pausable: milestone.pausable }
  })
}

const ofSomeSeverities = ({ kind, policy }: PlannedClock, { key }: Policy): boolean =>
  policy.key === key && (kind === 'containment' || kind === 'next_update')

function over(clock: PlannedClock, at: number): PlannedClock {
  if (clock.settledAt !== null) return clock
  const now = lapse(clock, at)
  return { ...now, state: now.state === 'running' ? 'cancelled' : now.state, settledAt: at }
}
