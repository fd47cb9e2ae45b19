export { noticeRules } from './prune.ts'
export { type Addressed, addressed, readByAll, saveNotices } from './store.ts'
