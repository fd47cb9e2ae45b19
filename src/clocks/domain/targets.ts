import { addMinutes } from './arithmetic.ts'
import type { CompiledCalendar } from './compile.ts'
import { addDays, endOf, isBusinessDay, localDay } from './days.ts'
import {
  type CalendarRole,
  type ClockKind,
  type Milestone,
  type Policy,
  type Severity,
  type StatutoryTemplate,
  type Target,
  starterPolicy,
  statutoryTemplates,
} from './policy.ts'

/** The calendars a place counts with; `always` is 24×7. */
export type Calendars = Readonly<Record<CalendarRole, CompiledCalendar>>

export type VersionRef = { readonly key: string; readonly version: number }

/** Why a clock runs as it does: rule, fields and moment, answered in one click. */
export type Cause =
  | ({ readonly rule: 'severity'; readonly severity: Severity } & Received)
  | ({
      readonly rule: 'law'
      readonly jurisdiction: string
      readonly source: string
      readonly mustSend: readonly string[]
    } & Received)
  | ({ readonly rule: 'authority'; readonly reference: string | null } & Received)
  /** Somebody was not content with the answer and asked for another pair of eyes. */
  | { readonly rule: 'review'; readonly requestedBy: string; readonly requestedAt: number }
  /** The complainant wrote after the end, or what we wrote to them did not arrive. */
  | { readonly rule: 'wrote_again'; readonly at: number }
  | { readonly rule: 'not_arrived'; readonly at: number }
  /** Nothing else ran while it was still open: answered is not over. */
  | { readonly rule: 'follow_up'; readonly at: number }
  /** Said to the complainant (`public`) or agreed inside: `wordsId` holds what was promised. */
  | {
      readonly rule: 'promised'
      readonly by: string | null
      readonly public: boolean
      readonly wordsId: string
      /** The date before it was moved. */
      readonly was?: number
      /** Of a promise that came with a merged complaint: the clock it was there. */
      readonly of?: string
    }
  /** Given to a person or a team, who has not taken it yet. */
  | {
      readonly rule: 'handed_over'
      readonly from: string | null
      readonly toStaff: string | null
      readonly toTeam: string
      readonly fromTeam: string
      /** The note that says what the next person has to know. */
      readonly summaryId: string
    }
  | {
      readonly rule: 'target_changed'
      /** The fact that changed: 'severity', 'calendar' … and its new value. */
      readonly changed: string
      readonly value: string
      readonly at: number
      readonly before: { readonly target: Target; readonly dueAt: number | null }
    }

type Received = { readonly receivedAt: number; readonly loggedAt: number }

/** One running deadline. Instants are epoch ms; everything is JSON. */
export type PlannedClock = {
  readonly kind: ClockKind
  readonly milestone: string | null
  readonly target: Target
  readonly startedAt: number
  /** The last instant that still meets it. Null is kept for a paused clock. */
  readonly dueAt: number | null
  /** What to work towards where the law may be read more strictly or its date is a day off. */
  readonly internalDueAt: number | null
  readonly state: 'running' | 'paused' | 'met' | 'breached' | 'cancelled'
  /** When what it waited for happened, met or late. */
  readonly settledAt: number | null
  readonly breachedAt: number | null
  readonly cause: Cause
  readonly policy: VersionRef
  readonly calendar: VersionRef
  /** The due date was counted through a year without official holiday data. */
  readonly provisional: boolean
  readonly pausable: boolean
}

/** What decides the clocks of a new complaint. */
export type PlanFacts = {
  readonly severity: Severity
  /** When anyone in the organisation had it; clocks start here. */
  readonly receivedAt: number
  /** When it was written down; kept so that back-dating is seen. */
  readonly loggedAt: number
  /** ISO country of the law that applies, e.g. 'TW'. */
  readonly jurisdiction: string
  /** A date an authority has asked for. */
  readonly authority?: { readonly dueAt: number; readonly reference?: string }
  readonly calendars: Calendars
  readonly policy?: Policy
  readonly templates?: readonly StatutoryTemplate[]
}

/** The clocks of a new complaint: those of its severity, of the law of its place, and of an authority's request. */
export function planClocks(facts: PlanFacts): PlannedClock[] {
  const { policy = starterPolicy, templates = statutoryTemplates, receivedAt, loggedAt, calendars } = facts
  const plan = (milestone: Milestone, from: VersionRef, cause: Cause) =>
    startClock(milestone, { startedAt: receivedAt, policy: from, cause, calendars })
  const clocks = policy.targets[facts.severity].map((milestone) =>
    plan(milestone, policy, { rule: 'severity', severity: facts.severity, receivedAt, loggedAt }),
  )
  for (const template of templates.filter(({ jurisdiction }) => jurisdiction === facts.jurisdiction)) {
    const { jurisdiction, source, mustSend } = template
    clocks.push(plan(template, template, { rule: 'law', jurisdiction, source, mustSend, receivedAt, loggedAt }))
  }
  if (facts.authority) {
    const target: Target = { basis: 'date', at: facts.authority.dueAt }
    const milestone: Milestone = { kind: 'authority', target, pausable: false }
    const reference = facts.authority.reference ?? null
    clocks.push(plan(milestone, AS_REQUESTED, { rule: 'authority', reference, receivedAt, loggedAt }))
  }
  return clocks
}

/** Starts one clock of any policy, pack or promise. */
export function startClock(
  { kind, milestone, target, pausable }: Milestone,
  from: { startedAt: number; policy: VersionRef; cause: Cause; calendars: Calendars },
): PlannedClock {
  const { startedAt, cause, policy, calendars } = from
  const fresh = { state: 'running', settledAt: null, breachedAt: null } as const
  const due = dueOf(target, startedAt, calendars)
  return {
    kind,
    milestone: milestone ?? null,
    target,
    startedAt,
    ...fresh,
    cause,
    policy: ref(policy),
    pausable,
    ...due,
  }
}

/** Where a target started at `startedAt` ends, and on which calendar version that was counted. */
export function dueOf(
  target: Target,
  startedAt: number,
  calendars: Calendars,
): Pick<PlannedClock, 'dueAt' | 'internalDueAt' | 'provisional' | 'calendar'> {
  const calendar = target.basis === 'date' ? calendars.office : calendars[target.calendar]
  return { ...reckon(target, startedAt, calendar), calendar: ref(calendar.definition) }
}

const AS_REQUESTED: VersionRef = { key: 'as-requested', version: 1 }

function reckon(
  target: Target,
  startedAt: number,
  calendar: CompiledCalendar,
): { dueAt: number; internalDueAt: number | null; provisional: boolean } {
  if (target.basis === 'date')
    return { dueAt: target.at, internalDueAt: workingDayBefore(calendar, startedAt, target.at), provisional: false }
  if (target.basis === 'minutes') {
    const { at, provisional } = addMinutes(calendar, startedAt, target.minutes)
    return { dueAt: at, internalDueAt: null, provisional }
  }
  const { at, provisional } = addDays(calendar, startedAt, target.rule)
  if (!target.internal) return { dueAt: at, internalDueAt: null, provisional }
  const internal = addDays(calendar, startedAt, target.internal)
  return { dueAt: at, internalDueAt: Math.min(internal.at, at), provisional: provisional || internal.provisional }
}

// An outside date on a day off is answered before it, while someone is at work; null when the date itself will do.
function workingDayBefore(calendar: CompiledCalendar, startedAt: number, at: number): number | null {
  const first = localDay(calendar, startedAt)
  for (let day = localDay(calendar, at); day >= first; day--) {
    const close = isBusinessDay(calendar, day) ? endOf(calendar, day, 'close') : undefined
    if (close !== undefined && close <= at) return close < startedAt ? null : close
    if (close !== undefined && day === localDay(calendar, at)) return null
  }
  return null
}

function ref({ key, version }: VersionRef): VersionRef {
  return { key, version }
}
