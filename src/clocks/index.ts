export { calendarsFor, calendarVersion, seedCalendars, shippedCalendar } from './calendar-book.ts'
