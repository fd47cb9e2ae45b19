export { noticeRules } from './prune.ts'
export { addressed, readByAll, saveNotices } from './store.ts'
