import { type CompiledCalendar, dueOf } from '../clocks/domain/index.ts'
import type { ComplaintClock } from '../complaints/domain/index.ts'
import type { EventRow } from './bundle.ts'
import type { Finding } from './finding.ts'

/** Gives a calendar in one version, or undefined. */
export type CalendarOf = (key: string, version: number) => CompiledCalendar | undefined

/** Clocks whose due date does not follow from target, start and calendar version. */
export function checkDue(
  clocks: readonly ComplaintClock[],
  events: readonly EventRow[],
  calendarOf: CalendarOf,
): Pick<Finding, 'code' | 'what'>[] {
  const taken = new Set(
    events.filter((e) => e.type === 'absorbed').flatMap((e) => (e.payload.changes.clocks ?? []).map((c) => c.id)),
  )
  return clocks.flatMap((clock) => {
    // A paused clock keeps no date; one taken over at a merge has the earlier start of the two and the stricter date.
    if (clock.dueAt === null || taken.has(clock.id)) return []
    const calendar = calendarOf(clock.calendar.key, clock.calendar.version)
    if (!calendar) return [{ code: 'audit.calendar-missing', what: `${clock.calendar.key} ${clock.calendar.version}` }]
    return followsFrom(clock, clock.startedAt, calendar) || followsFromChange(clock, calendar)
      ? []
      : [{ code: 'audit.due-mismatch', what: clock.kind }]
  })
}

function followsFrom(clock: ComplaintClock, startedAt: number, calendar: CompiledCalendar): boolean {
  const due = dueOf(clock.target, startedAt, { always: calendar, office: calendar })
  return due.dueAt === clock.dueAt && due.internalDueAt === clock.internalDueAt
}

/** A changed target may have been counted from the change on. */
function followsFromChange(clock: ComplaintClock, calendar: CompiledCalendar): boolean {
  return clock.cause.rule === 'target_changed' && followsFrom(clock, clock.cause.at, calendar)
}
