import { sql } from 'kysely'
import { canTell } from '../../channels/index.ts'
import { restrictedKeepers } from '../../people/index.ts'
import type { BodyOf } from '../../kit/contract/endpoint.ts'
import { RefusalError } from '../../kit/pure/result.ts'
import type { Services } from '../../kit/services.ts'
import { holdsDoor, isCalled, queueReply, wayOut } from '../../replies/index.ts'
import type { Building, Context } from '../act.ts'
import type { Spoken, Written } from '../domain/decide/facts.ts'
import { isToBeCalled } from '../domain/decide/promising.ts'
import type { Telling } from '../domain/decide/telling.ts'
import type { ComplaintState } from '../domain/state.ts'

export type Body<E> = BodyOf<E>

export type Findings = readonly { pointId: string; finding: string; answer: string }[]

/** Answers of points are words: their rows are written beside the event. */
export async function saveAnswers(ctx: Context, id: string, findings: Findings): Promise<void> {
  for (const f of findings) {
    await ctx.tx.run(
      sql`update point set answer = ${f.answer} where org_id = ${ctx.actor.org.id} and complaint_id = ${id} and id = ${f.pointId}`,
    )
  }
}

export const asGiven = (findings: Findings, write: Building['write']) =>
  findings.map(({ pointId, finding, answer }) => ({
    pointId,
    finding,
    answer: write('answer', answer, pointId),
    ...(answer.trim() === '' ? { silent: true as const } : {}),
  }))

/** Said inside: a reason is a note beside the event that it explains. */
export const inside = (text: string) => ({ text, direction: 'note', visibility: 'internal', channel: 'note' }) as const

export async function assertCode(ctx: Context, list: string, code: string): Promise<void> {
  const row = await ctx.tx.first(
    sql`select 1 as ok from code where org_id = ${ctx.actor.org.id} and list = ${list} and code = ${code}`,
  )
  if (!row) throw new RefusalError({ code: 'intake.unknown-reference', status: 422, facts: { fields: [list] } })
}

/** Whoever gives a restricted complaint its reviewer has to see it. */
export async function keepersOf(ctx: Context, state: ComplaintState): Promise<readonly string[]> {
  return state.confidentiality === 'normal'
    ? []
    : restrictedKeepers(ctx.tx, ctx.actor.org.id, state.teamId, state.subjects)
}

/** A channel in which somebody can have told them: a suggestion box or a newspaper carries no answer back to anybody. */
export function assertTold(channel: string, came: string, to: 'complainant' | 'authority' = 'complainant'): void {
  if (!canTell(channel, to, came))
    throw new RefusalError({ code: 'intake.unknown-channel', status: 422, facts: { channel } })
}

/** What we put somewhere has to be where they get it. */
async function assertReaches(app: Services, ctx: Context, state: ComplaintState, told?: 'portal'): Promise<void> {
  const way = await wayOut(app, ctx, state)
  if (way === 'email' || (told === undefined && way === 'portal')) return
  if (told === 'portal' && (await holdsDoor(app, ctx, state))) return
  const code = told === 'portal' ? 'replies.no-door' : 'replies.no-way-to-reach'
  throw new RefusalError({ code, status: 409, facts: { channel: state.channel } })
}

type Given = {
  readonly told?: string | undefined
  readonly toldAt?: string | undefined
  readonly toldLate?: string | undefined
}

/** How and when they were told already, as a rule takes it; why so late is a note beside the event. */
export function toldOf({ state, say }: Building, { told, toldAt, toldLate }: Given): Telling {
  if (told === undefined || toldAt === undefined) return { told }
  const at = Date.parse(toldAt)
  // Clocks on forms have no seconds: told in the minute of the receipt is told after it.
  const sameMinute = at < state.receivedAt && state.receivedAt - at < 60_000
  const late = toldLate?.trim()
  return { told, toldAt: sameMinute ? state.receivedAt : at, ...(late ? { backdating: say(inside(late)) } : {}) }
}

/** The words of the call-back, where what we put on the portal is read by nobody unless somebody calls. */
export async function calledOf(
  app: Services,
  ctx: Context,
  { state, write }: Building,
  told: string | undefined,
): Promise<{ called?: Written }> {
  if (told !== undefined || !isToBeCalled(state)) return {}
  if ((await wayOut(app, ctx, state)) !== 'portal' || !(await isCalled(ctx, state))) return {}
  return { called: write('promise', '') }
}

type Words = {
  readonly text: string
  /** The channel it was told in already; `portal`: it is put there, and they know to look. */
  readonly told?: string | undefined
  /** When it was told, in epoch ms. */
  readonly toldAt?: number | undefined
  readonly attachmentIds?: readonly string[]
}

/**
 * Says words to the complainant and sends them on their way. What was told on the telephone or at the counter has left
 * the house: there is nothing to send, nor to take back. Refuses what would reach nobody.
 */
export async function tell(
  app: Services,
  ctx: Context,
  { state, say, afterwards }: Building,
  { text, told, toldAt, attachmentIds = [] }: Words,
): Promise<Spoken> {
  const outside = told !== undefined && told !== 'portal'
  if (outside) assertTold(told, state.channel)
  if (!outside) await assertReaches(app, ctx, state, told)
  const channel = told ?? 'portal'
  const at = outside && toldAt !== undefined ? { at: toldAt } : {}
  const spoken = say({ text, direction: 'out', visibility: 'public', channel, attachmentIds, ...at })
  if (!outside) afterwards((_tx, after) => queueReply(app, ctx, after, spoken.messageId, text))
  return spoken
}
