export { publicTitle } from './public-title.ts'
export { queueReply } from './queue.ts'
export { holdsDoor, isCalled, type WayOut, wayOut } from './way-out.ts'
