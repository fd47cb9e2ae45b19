import { sql } from 'kysely'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { act, type Building, type Context, type Outcome } from '../act.ts'
import type * as contract from '../contract.ts'
import type { Spoken } from '../domain/decide/facts.ts'
import { close } from './ending.ts'
import { askInformation } from './handling.ts'
import { promiseOf } from './promising.ts'
import { asGiven, assertCode, assertTold, type Body, calledOf, inside, saveAnswers, tell, toldOf } from './shared.ts'

export function propose(app: Services, ctx: Context, id: string, b: Body<typeof contract.propose>): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'propose' }, async ({ say }) => {
    await assertCode(ctx, 'remedy', b.remedyCode)
    return {
      remedyCode: b.remedyCode,
      amount: b.amount,
      spoken: say(inside(b.text)),
    }
  })
}

export function requestApproval(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.requestApproval>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'request_approval' }, ({ say }) =>
    b.reason.trim() ? { reason: say(inside(b.reason)) } : {},
  )
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

/** Writes, and in the same transaction does what was chosen with it: one refusal undoes both. */
export async function reply(app: Services, ctx: Context, id: string, b: Body<typeof contract.reply>): Promise<Outcome> {
  const sent = await write(app, ctx, id, b)
  const { version } = sent
  if (b.next?.do === 'wait') return askInformation(app, ctx, id, { version, of: 'customer', text: '' })
  if (b.next?.do === 'close') return close(app, ctx, id, { version, ...b.next })
  return sent
}

function write(app: Services, ctx: Context, id: string, b: Body<typeof contract.reply>): Promise<Outcome> {
  const { told: how = '' } = b
  if (b.to === 'authority') return answerAuthority(app, ctx, id, { ...b, told: how })
  return act(app, ctx, { id, version: b.version, name: 'reply' }, async (building) => {
    const told = toldOf(building, b)
    // Findings are part of a decision; an answer on the way has none.
    const findings = b.decision ? b.findings : []
    if (b.outcomeCode) await assertCode(ctx, 'outcome', b.outcomeCode)
    if (b.remedyCode) await assertCode(ctx, 'remedy', b.remedyCode)
    const spoken = await tell(app, ctx, building, { text: b.text, attachmentIds: b.attachmentIds, ...told })
    building.afterwards(() => saveAnswers(ctx, id, findings))
    const { decision, outcomeCode } = b
    const promise = await promiseOf(ctx, building, b.promise)
    const called = promise ? {} : await calledOf(app, ctx, building, b.told)
    const { remedyCode, amount } = b.decision ? b : {}
    const granted = { remedyCode, amount }
    return {
      spoken,
      ...told,
      decision,
      outcomeCode,
      findings: asGiven(findings, building.write),
      promise,
      ...called,
      ...granted,
    }
  })
}

/** What an authority was answered, in its own way: the complainant does not read it. */
export function answerAuthority(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.answerAuthority>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'answer_authority' }, async (building) => {
    const telling = { ...toldOf(building, b), told: b.told }
    const spoken = await toAuthority(ctx, building, { ...b, toldAt: telling.toldAt })
    const no = b.letterNo?.trim()
    const letterNo = no ? building.write('letter_no', no) : undefined
    return { spoken, ...telling, letterNo, promise: await promiseOf(ctx, building, b.promise) }
  })
}

async function toAuthority(
  ctx: Context,
  { state, say }: Building,
  {
    text,
    told,
    toldAt,
    attachmentIds,
  }: Omit<Body<typeof contract.answerAuthority>, 'toldAt'> & {
    toldAt?: number | undefined
  },
): Promise<Spoken> {
  assertTold(told, state.channel, 'authority')
  const asked = await ctx.tx.first(
    sql`select 1 as ok from complaint where org_id = ${ctx.actor.org.id} and id = ${state.id} and authority is not null`,
  )
  if (!asked && !state.clocks.some((c) => c.kind === 'authority'))
    throw new RefusalError({ code: 'complaints.no-authority', status: 409 })
  const at = toldAt === undefined ? {} : { at: toldAt }
  return say({ text, direction: 'out', visibility: 'internal', channel: told, attachmentIds, ...at })
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
    return { remedyCode: b.remedyCode, amount: b.amount, ...textHashed }
  })
}

export function finishRemedy(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.finishRemedy>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'finish_remedy' }, ({ say }) => {
    const { attachmentIds } = b
    const evidence = b.evidence.trim()
    const said = evidence || attachmentIds.length > 0 ? say({ ...inside(evidence), attachmentIds }) : undefined
    return { evidence: said, amount: b.amount }
  })
}

export function confirm(app: Services, ctx: Context, id: string, b: Body<typeof contract.confirm>): Promise<Outcome> {
  const { version, stance, channel = '', text } = b
  if (stance === 'unreachable') return tryToReach(app, ctx, id, { version, channel, text })
  return act(app, ctx, { id, version, name: 'confirm' }, ({ say }) => ({
    stance,
    ...(text.trim() ? { spoken: say(inside(text.trim())) } : {}),
  }))
}

export function tryToReach(
  app: Services,
  ctx: Context,
  id: string,
  b: Body<typeof contract.tryToReach>,
): Promise<Outcome> {
  return act(app, ctx, { id, version: b.version, name: 'try_to_reach' }, ({ state, say }) => {
    const { channel } = b
    if (channel) assertTold(channel, state.channel)
    const text = b.text.trim()
    return { channel: channel || undefined, ...(text ? { spoken: say(inside(text)) } : {}) }
  })
}
