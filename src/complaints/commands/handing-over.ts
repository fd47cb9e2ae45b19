import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { act, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import { staffFacts } from '../staff-facts.ts'
import { type Body, inside } from './shared.ts'

/** To a person (who keeps the team it is in, where they belong to it) or to a team. */
export function handOver(app: Services, ctx: Context, id: string, b: Body<typeof contract.handOver>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'hand_over' }, async ({ state, say }) => {
    const org = ctx.actor.org.id
    const to = b.staffId ? await staffFacts(ctx.tx, org, b.staffId, 'complaint.handle') : null
    if (b.teamId) await assertTeam(ctx, b.teamId)
    const stays = to === null || to.teams.includes(state.teamId)
    const teamId = b.teamId ?? (stays ? state.teamId : (to.teams[0] ?? state.teamId))
    return { to, teamId, summary: say(inside(b.text)) }
  })
}

async function assertTeam({ tx, actor }: Context, id: string): Promise<void> {
  const team = await tx.first(
    sql`select 1 as ok from team where org_id = ${actor.org.id} and id = ${id} and retired_at is null`,
  )
  if (!team) throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: ['team'] } })
}

export function acceptHandover(app: Services, ctx: Context, id: string, b: { version: number }): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'accept_handover' }, () => ({}))
}

export function returnHandover(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.returnHandover>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'return_handover' }, ({ say }) => ({
    reason: say(inside(b.reason)),
  }))
}
