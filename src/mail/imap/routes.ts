import type { App } from '../../app.ts'
import { on, onUnscoped } from '../../kit/http/serve.ts'
import * as contract from './contract.ts'
import { lookAround } from './look-once.ts'
import { passwordFor, readFetching, writeFetching } from './settings.ts'

/** Fetching mailboxes by IMAP, in the settings. */
export function imapRoutes(app: App): void {
  const { binding, db } = app
  on(binding, contract.listFetching, 'settings.read').answer(async (c) => ({ items: await readFetching(c) }))
  on(binding, contract.setFetching, 'settings.write').answer((c) => writeFetching(app, c, c.params.id, c.body))
  // A mail server may take its time: no transaction waits for it.
  onUnscoped(binding, contract.lookOnce, 'settings.write').answer(async ({ actor, params, body }) => {
    const { folder, ...to } = body
    const password = await db.withScope(actor.scope, (tx) => passwordFor(app, { tx, actor }, params.id, to), 'read')
    return lookAround({ ...to, password }, folder)
  })
}
