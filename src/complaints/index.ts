export { complainantActs } from './commands.ts'
export { complaintRoutes } from './routes.ts'
