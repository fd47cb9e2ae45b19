import { markUnreachable } from '../customers/index.ts'
import { noteLoss } from './arrival.ts'
import { saysNoAddress } from './domain/failure.ts'
import { changeOutgoing, lockOutgoing, markLost } from './store.ts'
import { type ReplyApp, whereSaid } from './where-said.ts'

/**
 * The mail server took a message and another said later that it will not arrive: noted as one it refused at once. False for a
 * message that is not known as sent (any more): twice is as good as once. An address that is none is not used any more. `status` is the enhanced code (`5.1.1`).
 */
export async function noteBounce(app: ReplyApp, org: string, outboxId: string, status: string): Promise<boolean> {
  const sent = await app.db.withScope({ org }, (tx) => lockOutgoing(tx, org, outboxId))
  if (sent?.state !== 'sent') return false
  let noted = false
  await whereSaid(app, org, sent, async (at, held) => {
    const row = await lockOutgoing(at.tx, org, outboxId)
    if (row?.state !== 'sent') return
    const lost = await noteLoss(at, held, row, { cause: 'refused', codeClass: `${status.charAt(0) || '5'}xx` })
    await changeOutgoing(at.tx, org, row, { state: 'failed', lastError: status, envelope: { noted: true } })
    if (saysNoAddress(status)) await markUnreachable(at.tx, org, row.recipient, at.now)
    if (lost) await markLost(at.tx, org, { on: held.own.state.id, row }, true)
    noted = true
  })
  return noted
}
