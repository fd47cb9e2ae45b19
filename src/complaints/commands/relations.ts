import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { act, commitEvents, type Context, factsFor, lockVisible, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import { absorb, release } from '../domain/decide/absorbing.ts'
import { type ComplaintState, fold } from '../domain/state.ts'
import { replaceHeadOf } from '../head.ts'
import { type Loaded, loadEvents, lockComplaint } from '../store.ts'
import { copyPoints, pointsOf } from './brought.ts'
import type { Body } from './shared.ts'

/** Both complaints are locked in the order of their ids, so that two merges across never wait for each other. */
export async function merge(app: Services, ctx: Context, id: string, b: Body<typeof contract.merge>): Promise<Outcome> {
  if (id === b.intoId) throw new RefusalError({ code: 'complaints.merge-into-itself', status: 422 })
  const [firstId, secondId] = id < b.intoId ? [id, b.intoId] : [b.intoId, id]
  const first = await lockVisible(ctx, firstId)
  const second = await lockVisible(ctx, secondId)
  const [from, into] = first.state.id === id ? [first, second] : [second, first]
  const outcome = await act(app, ctx, { id, version: b.version, name: 'merge', loaded: from }, () => ({
    into: into.state,
  }))
  await takeOver(app, ctx, into, from.state)
  return outcome
}

async function takeOver(app: Services, ctx: Context, into: Loaded, from: ComplaintState): Promise<void> {
  const facts = await factsFor(ctx.tx, ctx.actor, into.state, ctx.now)
  const points = await pointsOf(ctx, from, facts.newId)
  const after = await commitEvents(app, ctx, into, absorb(into.state, from, points, facts))
  await copyPoints(ctx, after, { from: from.id, points })
  await replaceHeadOf(ctx, after.id)
}

/** Both stand as they would without the merge. The survivor follows, whether or not this person may see it. */
export async function unmerge(app: Services, ctx: Context, id: string, b: { version: number }): Promise<Outcome> {
  const { tx, actor, now } = ctx
  const org = actor.org.id
  const row = await tx.first<{ into: string | null }>(
    sql`select merged_into as into from complaint where org_id = ${org} and id = ${id}`,
  )
  const intoId = row?.into ?? null
  const survivor = intoId !== null && intoId < id ? await lockComplaint(tx, org, intoId) : undefined
  const loaded = await lockVisible(ctx, id)
  const into = survivor ?? (intoId === null ? undefined : await lockComplaint(tx, org, intoId))
  if (loaded.state.mergedInto !== intoId)
    throw new RefusalError({ code: 'complaints.stale', status: 409, facts: { version: loaded.state.version } })
  const outcome = await act(app, ctx, { id, version: b.version, name: 'unmerge', loaded }, () => ({}))
  if (!into) return outcome
  const events = await loadEvents(tx, org, into.state.id)
  const others = await stillMerged(ctx, into.state.id)
  const facts = await factsFor(tx, actor, into.state, now)
  await commitEvents(app, ctx, into, [release(into.state, { from: id, events, others }, facts)])
  await replaceHeadOf(ctx, into.state.id)
  return outcome
}

/** Those merged into this one, oldest first. */
async function stillMerged({ tx, actor }: Context, intoId: string): Promise<ComplaintState[]> {
  const rows = await tx.rows<{ id: string }>(
    sql`select id from complaint where org_id = ${actor.org.id} and merged_into = ${intoId} order by id`,
  )
  const states: ComplaintState[] = []
  for (const { id } of rows) states.push(fold(id, await loadEvents(tx, actor.org.id, id)))
  return states
}

function linking(name: 'link' | 'unlink') {
  return (app: Services, ctx: Context, id: string, b: Body<typeof contract.link>): Promise<Outcome> =>
    act(app, ctx, { id, version: b.version, name }, async () => {
      if (name === 'link') await lockVisible(ctx, b.otherId)
      return { otherId: b.otherId, kind: b.kind }
    })
}

export const link = linking('link')

export const unlink = linking('unlink')

export function dismissSuggestion(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.dismissSuggestion>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: undefined, name: 'dismiss' }, async ({ afterwards }) => {
    const suggested = await ctx.tx.first(
      sql`select 1 from duplicate_suggestion where org_id = ${ctx.actor.org.id} and complaint_id = ${id} and other_id = ${b.otherId}`,
    )
    if (!suggested) throw new RefusalError({ code: 'complaints.no-such-suggestion', status: 404 })
    afterwards((tx) =>
      tx
        .run(sql`update duplicate_suggestion set dismissed_by = ${ctx.actor.staffId ?? null}
        where org_id = ${ctx.actor.org.id} and complaint_id = ${id} and other_id = ${b.otherId}`)
        .then(() => undefined),
    )
    return { otherId: b.otherId }
  })
}
