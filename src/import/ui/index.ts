// The door of import for other screens.
export { ImportName } from './import-name.tsx'
export { Origin } from './origin.tsx'
