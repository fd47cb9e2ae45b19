export { addMinutes, openMinutesBetween } from './arithmetic.ts'
export { lapse, replan, replanForSeverity, settle } from './clock-life.ts'
export { type CompiledCalendar } from './compile.ts'
export { localDay } from './days.ts'
export { isZoneName, makeZone, type Zone } from './zone.ts'
export {
  asPromised,
  followUp,
  handOver,
  type Milestone,
  notArrived,
  silence,
  stageTwo,
  starterPolicy,
  wroteAgain,
} from './policy.ts'
export { type Calendars, dueOf, planClocks, type PlannedClock, startClock } from './targets.ts'
export type { CalendarDefinition } from './calendar-definition.ts'
