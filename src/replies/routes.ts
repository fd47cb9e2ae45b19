import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import * as contract from './contract.ts'
import { reachOf } from './reach.ts'
import { cancelOutgoing, listOutgoing, retryOutgoing } from './outbox.ts'

/** What leaves the house: seen, tried again, taken back. */
export function replyRoutes(app: App): void {
  const { binding } = app
  on(binding, contract.listOutbox, 'outbox.read').answer(({ tx, actor, query }) => listOutgoing(tx, actor, query))
  on(binding, contract.reach, 'complaint.read').answer((c) => reachOf(app, c, c.params.id))
  on(binding, contract.retryOutgoing, 'outbox.retry').answer((c) => retryOutgoing(c, c.params.id))
  on(binding, contract.cancelOutgoing, 'complaint.answer').answer((c) => cancelOutgoing(app, c, c.params.id))
}
