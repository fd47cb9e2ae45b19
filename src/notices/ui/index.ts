export { Bell, useReadByLooking } from './bell.tsx'
export { clockIn } from './clock.ts'
export { applyNotice } from './news.ts'
