import { keepersOfTeam } from '../../people/index.ts'
import type { Services } from '../../kit/services.ts'
import { act, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import { assertStaff, chainOf } from '../staff-facts.ts'
import { type Body, inside } from './shared.ts'

export function restrict(app: Services, ctx: Context, id: string, b: Body<typeof contract.restrict>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'restrict' }, async ({ state, say }) => {
    await assertStaff(ctx.tx, ctx.actor.org.id, b.staffIds)
    return {
      confidentiality: b.confidentiality,
      staffIds: b.staffIds,
      keepers: await keepersOfTeam(ctx.tx, ctx.actor.org.id, state),
      ...(b.reason ? { reason: say(inside(b.reason)) } : {}),
    }
  })
}

export function nameSubject(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.nameSubject>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'name_subject' }, async ({ state }) => {
    await assertStaff(ctx.tx, ctx.actor.org.id, b.staffIds)
    const { teamId, ownerId } = state
    const org = ctx.actor.org.id
    return {
      staffIds: b.staffIds,
      ownerChain: await chainOf(ctx.tx, org, ownerId),
      keepers: await keepersOfTeam(ctx.tx, org, { teamId, subjects: b.staffIds }),
    }
  })
}
