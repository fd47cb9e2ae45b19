export { draftRules } from './prune.ts'
export { draftsUnder } from './store.ts'
