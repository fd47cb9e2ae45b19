import { sql } from 'kysely'
import type { BodyOf } from '../kit/contract/endpoint.ts'
import { newIds } from '../kit/ids.ts'
import { RefusalError, valueOf } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { restrictedKeepers } from '../intake/references.ts'
import { queueReply } from '../replies/queue.ts'
import {
  act,
  type Building,
  type Context,
  commitEvents,
  factsFor,
  lockVisible,
  type Outcome,
  outcomeOf,
} from './act.ts'
import { textHash } from './chain.ts'
import type * as contract from './contract.ts'
import { decide } from './domain/decide/index.ts'
import { absorb, release } from './domain/decide/absorbing.ts'
import { type ComplaintState, fold } from './domain/state.ts'
import { randomBytes } from 'node:crypto'
import { assertStaff, chainOf, staffFacts } from './staff-facts.ts'
import { replaceHeadOf } from './head.ts'
import { loadEvents, lockComplaint } from './store.ts'

type Body<E> = BodyOf<E>
type Findings = readonly { pointId: string; finding: string; answer: string }[]

/** Answers of points are words: their rows are written beside the event. */
async function saveAnswers(ctx: Context, id: string, findings: Findings): Promise<void> {
  for (const f of findings) {
    await ctx.tx.run(
      sql`update point set answer = ${f.answer} where org_id = ${ctx.actor.org.id} and complaint_id = ${id} and id = ${f.pointId}`,
    )
  }
}
const asGiven = (findings: Findings, write: Building['write']) =>
  findings.map(({ pointId, finding, answer }) => ({ pointId, finding, answer: write('answer', answer, pointId) }))

/** Said inside: a reason is a note beside the event that it explains. */
const inside = (text: string) => ({ text, direction: 'note', visibility: 'internal', channel: 'note' }) as const

export function acknowledge(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.acknowledge>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'acknowledge' }, ({ say, afterwards }) => {
    const text = b.text?.trim()
    if (!text) return {}
    const spoken = say({ text, direction: 'out', visibility: 'public', channel: 'portal' })
    afterwards((_tx, after) => queueReply(app, ctx, after, spoken.messageId, text))
    return { spoken }
  })
}

export function assess(app: Services, ctx: Context, id: string, b: Body<typeof contract.assess>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'assess' }, async ({ say, write, afterwards }) => {
    await assertCodes(ctx, b)
    afterwards(async (tx) => {
      const org = ctx.actor.org.id
      if (b.title)
        await tx.run(sql`update complaint_text set title = ${b.title} where org_id = ${org} and complaint_id = ${id}`)
      if (b.orderNo !== undefined)
        await tx.run(sql`update complaint set order_no = ${b.orderNo} where org_id = ${org} and id = ${id}`)
      if (b.title || b.orderNo !== undefined) await replaceHeadOf(ctx, id)
    })
    const { impact, likelihood, flags, typeCode, productId, placeId } = b
    return {
      impact,
      likelihood,
      flags,
      typeCode,
      productId,
      placeId,
      ...(b.reason ? { reason: say(inside(b.reason)) } : {}),
      ...(b.title ? { title: write('title', b.title) } : {}),
      ...(b.orderNo === undefined ? {} : { orderNo: write('order_no', b.orderNo ?? '') }),
    }
  })
}

async function assertCodes(ctx: Context, b: Body<typeof contract.assess>): Promise<void> {
  const org = ctx.actor.org.id
  const row = await ctx.tx.first<{
    type_ok: boolean
    product_ok: boolean
    place_ok: boolean
    flags_ok: boolean
  }>(sql`select
    (${b.typeCode ?? null}::text is null or exists (select 1 from code where org_id = ${org} and list = 'issue' and code = ${b.typeCode ?? null})) as type_ok,
    (${b.productId ?? null}::uuid is null or exists (select 1 from product where org_id = ${org} and id = ${b.productId ?? null}::uuid)) as product_ok,
    (${b.placeId ?? null}::uuid is null or exists (select 1 from place where org_id = ${org} and id = ${b.placeId ?? null}::uuid)) as place_ok,
    (select count(*) from code where org_id = ${org} and list = 'risk_flag' and code = any (${b.flags}::text[])) = ${new Set(b.flags).size} as flags_ok`)
  const wrong = (['type', 'product', 'place', 'flags'] as const).filter((k) => !row?.[`${k}_ok`])
  if (wrong.length > 0)
    throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: wrong } })
}

export function assign(app: Services, ctx: Context, id: string, b: Body<typeof contract.assign>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'assign' }, async ({ say }) => {
    const org = ctx.actor.org.id
    if (b.teamId) {
      const team = await ctx.tx.first(
        sql`select 1 as ok from team where org_id = ${org} and id = ${b.teamId} and retired_at is null`,
      )
      if (!team) throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: ['team'] } })
    }
    const owner = b.ownerId ? await staffFacts(ctx.tx, org, b.ownerId, 'complaint.handle') : null
    return {
      owner,
      teamId: b.teamId,
      why: { rule: owner?.id === ctx.actor.staffId ? 'taken' : 'by-hand' },
      ...(b.reason ? { reason: say(inside(b.reason)) } : {}),
    }
  })
}

export function addHelper(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.addHelper>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'helper' }, async () => {
    const { chain } = await staffFacts(ctx.tx, ctx.actor.org.id, b.staffId, 'complaint.note')
    return { staffId: b.staffId, chain, kind: b.kind }
  })
}

export function investigate(app: Services, ctx: Context, id: string, b: { version: number }): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'investigate' }, () => ({}))
}

export function askInformation(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.askInformation>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'ask_info' }, ({ say, afterwards }) => {
    const text = b.text.trim()
    if (!text) return { of: b.of }
    const outside = b.of === 'customer'
    const spoken = say({
      text,
      direction: outside ? 'out' : 'note',
      visibility: outside ? 'public' : 'internal',
      channel: outside ? 'portal' : 'note',
    })
    if (!outside) return { of: b.of, asked: spoken }
    afterwards((_tx, after) => queueReply(app, ctx, after, spoken.messageId, text))
    return { of: b.of, spoken }
  })
}

export function resume(app: Services, ctx: Context, id: string, b: { version: number }): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'resume' }, () => ({}))
}

export function findPoints(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.findPoint>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'find' }, ({ write, afterwards }) => {
    afterwards(() => saveAnswers(ctx, id, b.findings))
    return { findings: asGiven(b.findings, write) }
  })
}

export function addPoint(app: Services, ctx: Context, id: string, b: Body<typeof contract.addPoint>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'add_point' }, ({ state, newId, afterwards }) => {
    const salt = randomBytes(16)
    const point = { id: newId(), hash: textHash(salt, b.text) }
    afterwards(async (tx) => {
      await tx.run(
        sql`insert into point (org_id, complaint_id, id, no, text, salt) values (${ctx.actor.org.id}, ${id}, ${point.id}, ${state.points.length + 1}, ${b.text}, ${salt})`,
      )
      await replaceHeadOf(ctx, id)
    })
    return { point }
  })
}

export function propose(app: Services, ctx: Context, id: string, b: Body<typeof contract.propose>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'propose' }, async ({ say }) => {
    await assertCode(ctx, 'remedy', b.remedyCode)
    return {
      remedyCode: b.remedyCode,
      spoken: say(inside(b.text)),
    }
  })
}

export function requestApproval(app: Services, ctx: Context, id: string, b: { version: number }): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'request_approval' }, () => ({}))
}

export function approve(app: Services, ctx: Context, id: string, b: Body<typeof contract.approve>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'approve' }, ({ say }) => {
    if (!b.reason) return { approved: b.approved }
    return {
      approved: b.approved,
      reasonHash: say(inside(b.reason)).hash,
    }
  })
}

export function decideOutcome(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.decideOutcome>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'decide' }, async ({ write, afterwards }) => {
    await assertCode(ctx, 'outcome', b.outcomeCode)
    afterwards(() => saveAnswers(ctx, id, b.findings))
    return { outcomeCode: b.outcomeCode, findings: asGiven(b.findings, write) }
  })
}

async function assertCode(ctx: Context, list: string, code: string): Promise<void> {
  const row = await ctx.tx.first(
    sql`select 1 as ok from code where org_id = ${ctx.actor.org.id} and list = ${list} and code = ${code}`,
  )
  if (!row) throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: [list] } })
}

export function reply(app: Services, ctx: Context, id: string, b: Body<typeof contract.reply>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'reply' }, async ({ say, write, afterwards }) => {
    // Findings are part of a decision; an answer on the way has none.
    const findings = b.decision ? b.findings : []
    if (b.outcomeCode) await assertCode(ctx, 'outcome', b.outcomeCode)
    const spoken = say({
      text: b.text,
      direction: 'out',
      visibility: 'public',
      channel: 'portal',
      attachmentIds: b.attachmentIds,
    })
    afterwards(async (_tx, after) => {
      await saveAnswers(ctx, id, findings)
      await queueReply(app, ctx, after, spoken.messageId, b.text)
    })
    return { spoken, decision: b.decision, outcomeCode: b.outcomeCode, findings: asGiven(findings, write) }
  })
}

export function note(app: Services, ctx: Context, id: string, b: Body<typeof contract.note>): Promise<Outcome> {
  return act(app, ctx, { id, version: undefined, name: 'note' }, ({ say }) => ({
    spoken: say({
      text: b.text,
      direction: 'note',
      visibility: 'internal',
      channel: 'note',
      attachmentIds: b.attachmentIds,
    }),
  }))
}

export function appendMessage(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.appendMessage>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: undefined, name: 'append' }, ({ say }) => {
    const at = b.at ? Math.min(Date.parse(b.at), ctx.now) : ctx.now
    return {
      channel: b.channel,
      spoken: say({
        text: b.text,
        direction: 'in',
        visibility: 'public',
        channel: b.channel,
        at,
        attachmentIds: b.attachmentIds,
      }),
    }
  })
}

export function contain(app: Services, ctx: Context, id: string, b: Body<typeof contract.contain>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'contain' }, ({ say }) => ({ spoken: say(inside(b.text)) }))
}

export function startRemedy(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.startRemedy>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'start_remedy' }, async ({ say }) => {
    if (b.remedyCode) await assertCode(ctx, 'remedy', b.remedyCode)
    const text = b.text.trim()
    const textHashed = text ? { textHash: say(inside(text)).hash } : {}
    return { remedyCode: b.remedyCode, ...textHashed }
  })
}

export function finishRemedy(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.finishRemedy>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'finish_remedy' }, ({ say }) =>
    b.evidence ? { evidenceHash: say(inside(b.evidence)).hash } : {},
  )
}

export function confirm(app: Services, ctx: Context, id: string, b: Body<typeof contract.confirm>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'confirm' }, ({ say }) => {
    const text = b.text.trim()
    return text ? { stance: b.stance, spoken: say(inside(text)) } : { stance: b.stance }
  })
}

export function close(app: Services, ctx: Context, id: string, b: Body<typeof contract.close>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'close' }, async ({ write, afterwards }) => {
    await assertCode(ctx, 'closure_reason', b.reasonCode)
    afterwards((tx) =>
      tx
        .run(
          sql`update complaint_text set summary = ${b.summary} where org_id = ${ctx.actor.org.id} and complaint_id = ${id}`,
        )
        .then(() => undefined),
    )
    return { reasonCode: b.reasonCode, summary: write('summary', b.summary) }
  })
}

function withReason(name: 'reopen' | 'withdraw') {
  return (app: Services, ctx: Context, id: string, b: { version: number; reason: string }): Promise<Outcome> =>
    act(app, ctx, { id, version: b.version, name }, ({ say }) => ({
      reasonHash: say(inside(b.reason)).hash,
    }))
}
export const reopen = withReason('reopen')
export const withdraw = withReason('withdraw')

export function redirect(app: Services, ctx: Context, id: string, b: Body<typeof contract.redirect>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'redirect' }, ({ say }) => ({
    reasonHash: say(inside(`${b.to}: ${b.reason}`)).hash,
  }))
}

/** Whoever gives a restricted complaint its reviewer has to see it. */
async function keepersOf(ctx: Context, state: ComplaintState): Promise<readonly string[]> {
  return state.confidentiality === 'normal' ? [] : restrictedKeepers(ctx.tx, ctx.actor.org.id, state.teamId)
}

export function requestReview(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.requestReview>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'request_review' }, async ({ state, say }) => ({
    reviewer: b.reviewerId ? await staffFacts(ctx.tx, ctx.actor.org.id, b.reviewerId, 'complaint.review') : null,
    keepers: b.reviewerId ? [] : await keepersOf(ctx, state),
    reasonHash: say(inside(b.reason)).hash,
  }))
}

export function finalise(app: Services, ctx: Context, id: string, b: Body<typeof contract.finalise>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'finalise' }, async ({ say, afterwards }) => {
    await assertCode(ctx, 'outcome', b.outcomeCode)
    const spoken = say({ text: b.text, direction: 'out', visibility: 'public', channel: 'portal' })
    afterwards((_tx, after) => queueReply(app, ctx, after, spoken.messageId, b.text))
    return { outcomeCode: b.outcomeCode, spoken }
  })
}

export function goExternal(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.goExternal>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'external' }, ({ say }) => ({
    bodyHash: say(inside([b.body, b.number].filter(Boolean).join(' '))).hash,
  }))
}

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
  await commitEvents(app, ctx, into, [absorb(into.state, from.state, newIds(ctx.now))])
  return outcome
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

export function restrict(app: Services, ctx: Context, id: string, b: Body<typeof contract.restrict>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'restrict' }, async ({ say }) => {
    await assertStaff(ctx.tx, ctx.actor.org.id, b.staffIds)
    return {
      confidentiality: b.confidentiality,
      staffIds: b.staffIds,
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
    return { staffIds: b.staffIds, ownerChain: await chainOf(ctx.tx, ctx.actor.org.id, state.ownerId) }
  })
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
