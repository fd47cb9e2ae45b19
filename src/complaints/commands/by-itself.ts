import { randomBytes } from 'node:crypto'
import { newId } from '../../kit/ids.ts'
import { valueOf } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { commitEvents, type Context, systemFacts } from '../act.ts'
import { textHash } from '../chain.ts'
import { decide } from '../domain/decide/index.ts'
import type { ComplaintState } from '../domain/state.ts'
import type { Loaded } from '../store.ts'

/**
 * The installation itself tells them that it was received: proof of receipt, and no more than that. Sending the words is the
 * caller's. Refused where it was acknowledged before.
 */
export async function acknowledgeByItself(
  app: Services,
  ctx: Context,
  loaded: Loaded,
  text: string,
): Promise<{ readonly messageId: string; readonly after: ComplaintState }> {
  const { tx, actor, now } = ctx
  const message = { id: newId(now), salt: randomBytes(16), text, authorName: '' }
  const spoken = { messageId: message.id, hash: textHash(message.salt, text) }
  const facts = await systemFacts(tx, actor.org.id, loaded.state, now)
  const events = valueOf(
    decide('acknowledge', loaded.state, { spoken }, { ...facts, permissions: new Set(['complaint.acknowledge']) }),
  )
  const said = { ...message, direction: 'out', visibility: 'public', channel: 'portal' } as const
  const after = await commitEvents(app, { ...ctx, as: { kind: 'system', id: null } }, loaded, events, [said])
  return { messageId: message.id, after }
}
