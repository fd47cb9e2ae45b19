import { sql } from 'kysely'
import type { Services } from '../../kit/services.ts'
import { act, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import { staffFacts } from '../staff-facts.ts'
import { asGiven, assertCode, type Body, inside, keepersOf, saveAnswers, tell, toldOf } from './shared.ts'

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

function withReason(name: 'reopen' | 'withdraw' | 'leave_ended') {
  return (app: Services, ctx: Context, id: string, b: { version: number; reason: string }): Promise<Outcome> =>
    act(app, ctx, { id, version: b.version, name }, ({ say }) => ({
      reasonHash: say(inside(b.reason)).hash,
    }))
}

export const reopen = withReason('reopen')

export const leaveEnded = withReason('leave_ended')

export const withdraw = withReason('withdraw')

export function redirect(app: Services, ctx: Context, id: string, b: Body<typeof contract.redirect>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'redirect' }, async (building) => {
    const told = toldOf(building, b)
    const { hash: reasonHash } = building.say(inside([b.to, b.reason].filter(Boolean).join(': ')))
    return { reasonHash, spoken: await tell(app, ctx, building, { text: b.text, ...told }), ...told }
  })
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
  return act(app, ctx, { id, version: b.version, name: 'finalise' }, async (building) => {
    await assertCode(ctx, 'outcome', b.outcomeCode)
    if (b.remedyCode) await assertCode(ctx, 'remedy', b.remedyCode)
    const told = toldOf(building, b)
    const spoken = await tell(app, ctx, building, { text: b.text, ...told })
    building.afterwards(() => saveAnswers(ctx, id, b.findings))
    const { outcomeCode, remedyCode, amount } = b
    return { outcomeCode, remedyCode, amount, spoken, ...told, findings: asGiven(b.findings, building.write) }
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
