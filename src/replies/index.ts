export { queueReply } from './queue.ts'
export { type WayOut, wayOut } from './way-out.ts'
