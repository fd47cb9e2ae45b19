import { randomBytes } from 'node:crypto'
import { newIds } from '../../kit/ids.ts'
import { valueOf } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { act, commitEvents, type Context, factsFor, lockVisible, outcomeOf } from '../act.ts'
import { textHash } from '../chain.ts'
import { decide } from '../domain/decide/index.ts'
import { keepersOf } from './shared.ts'

/** What the complainant wrote where we cannot answer at once (a mail), at any state of the complaint. */
export async function complainantWrote(
  app: Services,
  ctx: Context,
  id: string,
  what: {
    readonly text: string
    readonly channel: string
    readonly at: number
    readonly authorName: string
    readonly attachmentIds: readonly string[]
  },
): Promise<{ messageId: string }> {
  let messageId = ''
  await act(app, ctx, { id, version: undefined, name: 'append' }, ({ say }) => {
    const spoken = say({ ...what, direction: 'in', visibility: 'public' })
    messageId = spoken.messageId
    return { channel: what.channel, spoken }
  })
  return { messageId }
}

/** What the complainant does from the portal, with the receipt code as the only key. */
export async function complainantActs(
  app: Services,
  ctx: Context,
  id: string,
  what: { kind: 'append' | 'withdraw' | 'request_review'; text: string; attachmentIds?: readonly string[] },
): Promise<{ version: number; state: string }> {
  if (what.kind === 'append') {
    return act(app, ctx, { id, version: undefined, name: 'append' }, ({ say }) => ({
      channel: 'portal',
      spoken: say({
        text: what.text,
        direction: 'in',
        visibility: 'public',
        channel: 'portal',
        attachmentIds: what.attachmentIds ?? [],
      }),
    }))
  }
  const name = what.kind
  const loaded = await lockVisible(ctx, id)
  if (name === 'request_review' && loaded.state.mergedInto !== null)
    return reviewOfSurvivor(app, ctx, { id, intoId: loaded.state.mergedInto, text: what.text })
  const facts = await factsFor(ctx.tx, ctx.actor, loaded.state, ctx.now)
  const salt = randomBytes(16)
  const message = {
    id: newIds(ctx.now)(),
    salt,
    text: what.text,
    direction: 'in',
    visibility: 'public',
    channel: 'portal',
  } as const
  const reasonHash = textHash(salt, what.text)
  const keepers = await keepersOf(ctx, loaded.state)
  const events = valueOf(
    name === 'withdraw'
      ? decide('withdraw', loaded.state, { reasonHash }, facts)
      : decide('request_review', loaded.state, { reasonHash, reviewer: null, keepers }, facts),
  )
  const after = await commitEvents(app, ctx, loaded, events, what.text.trim() ? [message] : [])
  return outcomeOf(after, facts)
}

/** What was answered for both is looked at again for both; the words stay with the complaint they were said to. */
async function reviewOfSurvivor(
  app: Services,
  ctx: Context,
  { id, intoId, text }: { id: string; intoId: string; text: string },
): Promise<{ version: number; state: string }> {
  let reasonHash = ''
  const outcome = await act(app, ctx, { id, version: undefined, name: 'append' }, ({ say }) => {
    const spoken = say({ text, direction: 'in', visibility: 'public', channel: 'portal' })
    reasonHash = spoken.hash
    return { channel: 'portal', spoken }
  })
  const survivor = await lockVisible(ctx, intoId)
  const facts = await factsFor(ctx.tx, ctx.actor, survivor.state, ctx.now)
  const keepers = await keepersOf(ctx, survivor.state)
  const events = valueOf(decide('request_review', survivor.state, { reasonHash, reviewer: null, keepers }, facts))
  await commitEvents(app, ctx, survivor, events)
  return outcome
}
