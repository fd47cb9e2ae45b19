export { type PublicAnswers, publicAnswers } from './public-answers.ts'
export { trackLinkPath } from './session.ts'
export { sweepDrafts } from './store.ts'
export { promisedDate } from './promised-date.ts'
