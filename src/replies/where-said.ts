import type { Tx } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { type Held, holdSaid } from './arrival.ts'
import type { Outgoing } from './store.ts'

export type ReplyApp = Pick<Services, 'db' | 'now' | 'log' | 'config' | 'subkey' | 'wake' | 'blobs'>
type At = { readonly tx: Tx; readonly org: string; readonly now: number }

/** Works under the locks of the complaint first, as everybody who holds both does; again when a merge came in between. */
export async function whereSaid(
  app: ReplyApp,
  org: string,
  row: Outgoing,
  work: (at: At, held: Held) => Promise<void>,
): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    const done = await app.db.withScope({ org }, async (tx) => {
      const at = { tx, org, now: app.now() }
      const held = await holdSaid(at, row)
      if (held) await work(at, held)
      return held !== undefined
    })
    if (done) return app.wake(org)
  }
  throw new Error('the complaint of a message is being merged over and over')
}
