export { trackLinkPath } from './session.ts'
export { sweepDrafts } from './store.ts'
export { promisedDate } from './promised-date.ts'
