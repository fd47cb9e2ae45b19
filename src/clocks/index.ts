export { calendarsFor, calendarVersion, seedCalendars } from './calendar-book.ts'
