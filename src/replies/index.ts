export { rescueOutgoing, sendOutgoing } from './jobs.ts'
export { openMail } from './mail.ts'
export { queueReply } from './queue.ts'
export { replyRoutes } from './routes.ts'
