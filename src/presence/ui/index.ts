export { PresentNote } from './present-note.tsx'
export { applyPresence, usePresence } from './use-presence.ts'
