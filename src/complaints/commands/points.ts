import type { Services } from '../../kit/services.ts'
import { act, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import { replaceHeadOf } from '../head.ts'
import { type Body, inside } from './shared.ts'

// The row of a point keeps the words it came with; better ones are written beside it (`pointText` shows the last).

export function editPoint(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.editPoint>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'edit_point' }, ({ write, afterwards }) => {
    afterwards(() => replaceHeadOf(ctx, id))
    return { pointId: b.pointId, words: write('point', b.text, b.pointId) }
  })
}

export function removePoint(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.removePoint>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'remove_point' }, ({ say, afterwards }) => {
    afterwards(() => replaceHeadOf(ctx, id))
    return { pointId: b.pointId, reason: say(inside(b.reason)) }
  })
}
