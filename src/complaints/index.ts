export { complainantActs } from './commands.ts'
export { type ComplainantAct, complainantOffers } from './offers.ts'
export { complaintRoutes } from './routes.ts'
