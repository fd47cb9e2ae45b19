export { noticeRules } from './prune.ts'
export { addressed, saveNotices } from './store.ts'
