import type { Services } from '../../kit/services.ts'
import { act, type Building, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import type { NewPromise } from '../domain/decide/promising.ts'
import { staffFacts } from '../staff-facts.ts'
import { type Body, inside } from './shared.ts'

type Given = contract.NewPromise

/** The promise of a body as the rules take it: its words written, its owner looked up (whoever promises, unless named). */
export async function promiseOf<B extends Given | undefined>(
  ctx: Context,
  { write }: Building,
  b: B,
): Promise<NewPromise | Extract<B, undefined>> {
  if (!b) return undefined as Extract<B, undefined>
  const { kind, text, dueAt, ownerId } = b
  const owner = await ownerOf(ctx, ownerId)
  return { kind, words: write('promise', text.trim()), dueAt: Date.parse(dueAt), owner, public: b.public }
}

function ownerOf({ tx, actor }: Context, ownerId: string | undefined) {
  if (ownerId && ownerId !== actor.staffId) return staffFacts(tx, actor.org.id, ownerId, 'complaint.append')
  return Promise.resolve(actor.staffId ? { id: actor.staffId, chain: [] } : null)
}

export function promise(app: Services, ctx: Context, id: string, b: Body<typeof contract.promise>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'promise' }, (building) => promiseOf(ctx, building, b))
}

export function keepPromise(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.keepPromise>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'keep_promise' }, ({ say }) => ({
    clockId: b.clockId,
    ...(b.text.trim() ? { spoken: say(inside(b.text)) } : {}),
  }))
}

export function movePromise(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.movePromise>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'move_promise' }, async ({ say }) => {
    const { clockId, ownerId } = b
    if (ownerId) await staffFacts(ctx.tx, ctx.actor.org.id, ownerId, 'complaint.append')
    return { clockId, ownerId, dueAt: Date.parse(b.dueAt), reason: say(inside(b.reason)) }
  })
}

export function dropPromise(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.dropPromise>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'drop_promise' }, ({ say }) => ({
    clockId: b.clockId,
    reason: say(inside(b.reason)),
  }))
}
