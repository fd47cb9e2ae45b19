export { trackLinkPath } from './session.ts'
export { sweepDrafts } from './store.ts'
