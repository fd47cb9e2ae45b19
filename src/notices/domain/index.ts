export { noticeKinds, type NoticeKind } from './kinds.ts'
export { type Notice, noticesOf } from './notices-of.ts'
