import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { keepersOfTeam } from '../../people/index.ts'
import { act, commitEvents, type Context, lockVisible, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import { asProtected, ownProtection, uncovers } from '../domain/decide/merged-protection.ts'
import type { ComplaintState } from '../domain/state.ts'
import { assertStaff, chainOf } from '../staff-facts.ts'
import { type Loaded, loadEvents, lockComplaint } from '../store.ts'
import { type Body, inside } from './shared.ts'

export async function restrict(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.restrict>,
): Promise<Outcome> {
  const { loaded, merged } = await lockWithMerged(ctx, id)
  return act(app, ctx, { id, version: b.version, name: 'restrict', loaded }, async ({ state, say, afterwards }) => {
    afterwards((_tx, after) => protectMerged(app, ctx, after, merged))
    await assertStaff(ctx.tx, ctx.actor.org.id, b.staffIds)
    return {
      confidentiality: b.confidentiality,
      staffIds: b.staffIds,
      keepers: await keepersOfTeam(ctx.tx, ctx.actor.org.id, state),
      ...(b.reason ? { reason: say(inside(b.reason)) } : {}),
    }
  })
}

export async function nameSubject(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.nameSubject>,
): Promise<Outcome> {
  const { loaded, merged } = await lockWithMerged(ctx, id)
  return act(app, ctx, { id, version: b.version, name: 'name_subject', loaded }, async ({ state, afterwards }) => {
    afterwards((_tx, after) => protectMerged(app, ctx, after, merged))
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

type WithMerged = { readonly loaded: Loaded; readonly merged: readonly Loaded[] }

/** A complaint and those merged into it, each under its lock, in the order of their ids. */
async function lockWithMerged(ctx: Context, id: string): Promise<WithMerged> {
  const { tx, actor } = ctx
  const rows = await tx.rows<{ id: string }>(
    sql`select id from complaint where org_id = ${actor.org.id} and merged_into = ${id} order by id`,
  )
  const merged: Loaded[] = []
  for (const row of rows) {
    const one = await lockComplaint(tx, actor.org.id, row.id)
    if (one?.state.mergedInto === id) merged.push(one)
  }
  return { loaded: await lockVisible(ctx, id), merged }
}

/** Who may not see the survivor sees none of those merged into it; a survivor that would show what one of them keeps is refused. */
async function protectMerged(
  app: Services,
  ctx: Context,
  survivor: ComplaintState,
  merged: readonly Loaded[],
): Promise<void> {
  for (const one of merged) {
    const own = ownProtection(one.state.id, await loadEvents(ctx.tx, ctx.actor.org.id, one.state.id))
    if (uncovers(survivor, own))
      throw new RefusalError({
        code: 'complaints.merged-more-protected',
        status: 409,
        facts: { number: one.state.number },
      })
    await commitEvents(app, ctx, one, asProtected(one.state, survivor, own))
  }
}
