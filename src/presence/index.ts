export { openPresence, type PresenceBook } from './book.ts'
