export { calendarsFor, calendarVersion, seedCalendars } from './calendar-book.ts'
export { lapse, settle } from './domain/clock-life.ts'
export { type Calendars, dueOf, type PlannedClock } from './domain/targets.ts'
