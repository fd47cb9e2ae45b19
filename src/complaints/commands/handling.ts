import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { normaliseOrderNumber } from '../../language/index.ts'
import { act, type Context, type Outcome } from '../act.ts'
import { textHash } from '../chain.ts'
import type * as contract from '../contract.ts'
import { nextNo } from '../domain/decide/handling.ts'
import { replaceHeadOf } from '../head.ts'
import { mayHold, staffFacts } from '../staff-facts.ts'
import { rerouteOf } from '../reroute.ts'
import { mentionedOf } from './marking.ts'
import { promiseOf } from './promising.ts'
import { asGiven, assertTold, type Body, calledOf, inside, saveAnswers, tell, toldOf } from './shared.ts'

export function acknowledge(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.acknowledge>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'acknowledge' }, async (building) => {
    const text = b.text?.trim()
    const told = toldOf(building, b)
    if (text) return { spoken: await tell(app, ctx, building, { text, ...told }), ...told }
    if (b.told) assertTold(b.told, building.state.channel)
    return told
  })
}

export function assess(app: Services, ctx: Context, id: string, b: Body<typeof contract.assess>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'assess' }, async ({ state, say, write, afterwards }) => {
    await assertCodes(ctx, b)
    const reroute = await rerouteOf(ctx, state, b)
    const orderNo = await changedOrder(ctx, id, b.orderNo)
    afterwards(async (tx) => {
      const org = ctx.actor.org.id
      if (b.title)
        await tx.run(sql`update complaint_text set title = ${b.title} where org_id = ${org} and complaint_id = ${id}`)
      if (orderNo !== undefined)
        await tx.run(sql`update complaint set order_no = ${orderNo} where org_id = ${org} and id = ${id}`)
      if (b.title || orderNo !== undefined) await replaceHeadOf(ctx, id)
    })
    const { impact, likelihood, flags, typeCode, productId, placeId } = b
    return {
      impact,
      likelihood,
      flags,
      typeCode,
      productId,
      placeId,
      reroute,
      ...(b.reason ? { reason: say(inside(b.reason)) } : {}),
      ...(b.title ? { title: write('title', b.title) } : {}),
      ...(orderNo === undefined ? {} : { orderNo: write('order_no', orderNo ?? '') }),
    }
  })
}

/** The number when it is another one: the page shows it as it was given, and gives it back so. */
async function changedOrder(ctx: Context, id: string, given: string | null | undefined) {
  if (!given) return given
  const row = await ctx.tx.first<{ order_no: string | null }>(
    sql`select order_no from complaint where org_id = ${ctx.actor.org.id} and id = ${id}`,
  )
  return row?.order_no === (normaliseOrderNumber(given) ?? given) ? undefined : given
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
    const given = b.ownerId ? await staffFacts(ctx.tx, org, b.ownerId, 'complaint.handle') : null
    const owner = given && { ...given, mayReview: mayHold(given, 'complaint.review') }
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
  return act(app, ctx, { id, version: b.version, name: 'ask_info' }, async (building) => {
    const { of } = b
    const text = b.text.trim()
    if (!text) return { of }
    if (of !== 'customer') return { of, asked: building.say(inside(text)) }
    const told = toldOf(building, b)
    const spoken = await tell(app, ctx, building, { text, ...told })
    return { of, spoken, ...told, ...(await calledOf(app, ctx, building, b.told)) }
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
        sql`insert into point (org_id, complaint_id, id, no, text, salt) values (${ctx.actor.org.id}, ${id}, ${point.id}, ${nextNo(state)}, ${b.text}, ${salt})`,
      )
      await replaceHeadOf(ctx, id)
    })
    return { point }
  })
}

export function note(app: Services, ctx: Context, id: string, b: Body<typeof contract.note>): Promise<Outcome> {
  return act(app, ctx, { id, version: undefined, name: 'note' }, async (building) => ({
    mentions: await mentionedOf(ctx, b.mentions ?? []),
    promise: await promiseOf(ctx, building, b.promise),
    spoken: building.say({
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
