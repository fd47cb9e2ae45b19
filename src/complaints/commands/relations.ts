import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { keepersOfTeam } from '../../people/index.ts'
import { act, commitEvents, type Context, factsFor, lockVisible, type Outcome, outcomeOf } from '../act.ts'
import type * as contract from '../contract.ts'
import { absorb, release } from '../domain/decide/absorbing.ts'
import {
  asProtected,
  type Naming,
  ownProtection,
  sharingSubjects,
  protectionGivenBack,
  subjectsOfBoth,
} from '../domain/decide/merged-protection.ts'
import { type ComplaintState, fold } from '../domain/state.ts'
import { replaceHeadOf } from '../head.ts'
import { chainOf } from '../staff-facts.ts'
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
  const command = {
    into: into.state,
    sameComplainant: b.sameComplainant,
    hasOthers: await hasOthers(ctx, id),
    leaving: await answerLeaving(ctx, [id, b.intoId]),
  }
  const outcome = await act(app, ctx, { id, version: b.version, name: 'merge', loaded: from }, () => command)
  const survivor = await takeOver(app, ctx, into, from.state)
  return protectAlike(app, ctx, { from: from.state, survivor }, outcome)
}

async function takeOver(app: Services, ctx: Context, into: Loaded, from: ComplaintState): Promise<ComplaintState> {
  const facts = await factsFor(ctx.tx, ctx.actor, into.state, ctx.now)
  const points = await pointsOf(ctx, from, facts.newId)
  const events = absorb(into.state, from, points, facts)
  const subjects = sharingSubjects(into.state, from, await namingOf(ctx, into.state, from), facts)
  const after = await commitEvents(app, ctx, into, [...events, ...subjects])
  await copyPoints(ctx, after, { from: from.id, points })
  await replaceHeadOf(ctx, after.id)
  return after
}

/** What the merged one says is kept from those who may not see its survivor. */
async function protectAlike(
  app: Services,
  ctx: Context,
  { from, survivor }: { from: ComplaintState; survivor: ComplaintState },
  outcome: Outcome,
): Promise<Outcome> {
  const merged = await lockComplaint(ctx.tx, ctx.actor.org.id, from.id)
  const events = merged ? asProtected(merged.state, survivor, from) : []
  if (!merged || events.length === 0) return outcome
  const after = await commitEvents(app, ctx, merged, events)
  return outcomeOf(after, await factsFor(ctx.tx, ctx.actor, after, ctx.now))
}

async function namingOf(ctx: Context, state: ComplaintState, other: ComplaintState): Promise<Naming> {
  const { tx, actor } = ctx
  const subjects = subjectsOfBoth(state, other)
  if (subjects.length === state.subjects.length) return { ownerChain: [], keepers: { named: [], responsible: [] } }
  return {
    ownerChain: await chainOf(tx, actor.org.id, state.ownerId),
    keepers: await keepersOfTeam(tx, actor.org.id, { teamId: state.teamId, subjects }),
  }
}

async function hasOthers({ tx, actor }: Context, id: string): Promise<boolean> {
  const row = await tx.first(
    sql`select 1 as ok from complaint where org_id = ${actor.org.id} and merged_into = ${id} limit 1`,
  )
  return row !== undefined
}

/** Whether an answer of one of these can still be taken back: what it says may not change under it. */
async function answerLeaving({ tx, actor, now }: Context, ids: readonly string[]): Promise<boolean> {
  const row = await tx.first(
    sql`select 1 as ok from outbox where org_id = ${actor.org.id} and complaint_id = any (${[...ids]}::uuid[]) and state = 'waiting'
      and attempts = 0 and not_before > ${new Date(now)} limit 1`,
  )
  return row !== undefined
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
  const leaving = intoId !== null && (await answerLeaving(ctx, [intoId]))
  const before = await loadEvents(tx, org, id)
  const outcome = await act(app, ctx, { id, version: b.version, name: 'unmerge', loaded }, () => ({ leaving }))
  if (!into) return outcome
  const events = await loadEvents(tx, org, into.state.id)
  const others = await stillMerged(ctx, into.state.id)
  const facts = await factsFor(tx, actor, into.state, now)
  const released = release(into.state, { from: id, events, others: others.map((o) => o.state) }, facts)
  const subjects = protectionGivenBack(
    into.state,
    events,
    id,
    others.flatMap((o) => ownProtection(o.state.id, o.events).subjects),
  )
  await commitEvents(app, ctx, into, [released, ...subjects])
  await replaceHeadOf(ctx, into.state.id)
  return giveProtectionBack(app, ctx, { id, events: before, intoId: into.state.id }, outcome)
}

async function giveProtectionBack(
  app: Services,
  ctx: Context,
  { id, events, intoId }: { id: string; events: Awaited<ReturnType<typeof loadEvents>>; intoId: string },
  outcome: Outcome,
): Promise<Outcome> {
  const merged = await lockComplaint(ctx.tx, ctx.actor.org.id, id)
  const own = merged ? protectionGivenBack(merged.state, events, intoId) : []
  if (!merged || own.length === 0) return outcome
  const after = await commitEvents(app, ctx, merged, own)
  return outcomeOf(after, await factsFor(ctx.tx, ctx.actor, after, ctx.now))
}

export type Merged = { readonly state: ComplaintState; readonly events: Awaited<ReturnType<typeof loadEvents>> }

/** Those merged into this one, oldest first. */
export async function stillMerged({ tx, actor }: Context, intoId: string): Promise<Merged[]> {
  const rows = await tx.rows<{ id: string }>(
    sql`select id from complaint where org_id = ${actor.org.id} and merged_into = ${intoId} order by id`,
  )
  const merged: Merged[] = []
  for (const { id } of rows) {
    const events = await loadEvents(tx, actor.org.id, id)
    merged.push({ state: fold(id, events), events })
  }
  return merged
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
