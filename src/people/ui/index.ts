// The door of people's screens.

export { useAway } from './use-away.ts'
