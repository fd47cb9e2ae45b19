import { sql } from 'kysely'
import type { Context, Outcome } from '../complaints/act.ts'
import { canTell } from '../channels/index.ts'
import * as door from '../complaints/commands.ts'
import type { Services } from '../kit/services.ts'
import { starterCodes } from '../seeds/index.ts'
import { mainRemedy, worthOf } from './approvals.ts'
import type { Complaint, Locale, RemedyItem, Step } from './types.ts'

type StaffStep = Extract<Step, { by: string }>

/** A step as it is performed: by a real actor, on a complaint as it stands now. */
export type Performing = {
  readonly app: Services
  readonly ctx: Context
  readonly complaint: Complaint
  readonly id: string
  /** The complaint's version, read when asked: some steps are several commands. */
  version(): Promise<number>
  /** Receipt was told while the person was there. */
  readonly acknowledged: boolean
  pointId(no: number): string
  complaintId(key: string): string
  staffId(key: string): string
  /** The instant a promise falls due, as ISO text. */
  due(hoursAgo: number): string
  /** Date marks filled, in the complaint's language. */
  words(text: string): string
}

/** Does what a member of staff did, through the same commands the desk uses. */
export async function perform(p: Performing, step: StaffStep): Promise<unknown> {
  const { app, ctx, id } = p
  const words = 'text' in step && step.text ? p.words(step.text) : ''
  const note = (text: string) => door.note(app, ctx, id, { text, attachmentIds: [] })
  const noteIfAny = async (text: string) => (text.trim() ? note(text) : undefined)
  const version = await p.version()
  switch (step.do) {
    case 'acknowledge':
      return acknowledge(p, words, version)
    case 'assess':
      return assess(p, version)
    case 'assign':
      return door.assign(app, ctx, id, { version, ownerId: p.staffId(step.to), reason: '' })
    case 'investigate':
      await door.investigate(app, ctx, id, { version })
      return containIfUnsafe(p)
    case 'call':
      return step.reached || (step.via ?? 'phone') === 'phone'
        ? rang(p, step.reached, words, version)
        : tried(p, step.via ?? 'phone', words, version)
    case 'note':
      return note(words)
    case 'promise':
      return door.promise(app, ctx, id, { version, kind: 'promise', text: words, dueAt: p.due(step.due), public: true })
    case 'reply':
      await keepPromises(p)
      return say(p, words, await p.version())
    case 'ask_info':
      return door.askInformation(app, ctx, id, { version, of: step.from, text: words, ...toldIn(p) })
    case 'find':
      return door.findPoints(app, ctx, id, {
        version,
        findings: [{ pointId: p.pointId(step.point), finding: step.finding, answer: p.words(step.answer) }],
      })
    case 'propose': {
      const worth = worthOf(step.remedies)
      const lines = step.remedies.map((remedy) => remedyLine(remedy, p.complaint.locale))
      return door.propose(app, ctx, id, {
        version,
        remedyCode: mainRemedy(step.remedies)?.code ?? 'A14',
        ...(worth ? { amount: { minor: worth.amount, currency: worth.currency } } : {}),
        text: [words, ...lines.map((line) => `· ${p.words(line)}`)].join('\n'),
      })
    }
    case 'request_approval':
      return door.requestApproval(app, ctx, id, { version, reason: words })
    case 'approve':
      return door.approve(app, ctx, id, { version, approved: true, reason: words })
    case 'decide': {
      const findings = await broughtPoints(p, step.outcome)
      await door.decideOutcome(app, ctx, id, { version, outcomeCode: step.outcome, findings })
      const cause = step.cause ? label('root_cause', step.cause, p.complaint.locale) : ''
      return noteIfAny([words, cause].filter(Boolean).join('\n'))
    }
    case 'respond':
      await keepPromises(p)
      return say(p, words, await p.version(), true)
    case 'start_remedy':
      return door.startRemedy(app, ctx, id, { version, text: words })
    case 'remedy_done':
      return door.finishRemedy(app, ctx, id, { version, evidence: words, attachmentIds: [] })
    case 'follow_up': {
      const stance = { satisfied: 'accepted', not_satisfied: 'not_accepted', unreachable: 'unreachable' } as const
      if (step.result === 'unreachable') return tried(p, 'phone', words, version)
      return door.confirm(app, ctx, id, { version, stance: stance[step.result], text: words })
    }
    case 'close':
      await keepPromises(p)
      return door.close(app, ctx, id, {
        version: await p.version(),
        reasonCode: step.reason,
        summary: p.words(step.summary),
      })
    case 'reopen':
      return door.reopen(app, ctx, id, { version, reason: p.words(step.reason) })
    case 'conclude_review':
      return door.finalise(app, ctx, id, {
        version,
        outcomeCode: step.outcome,
        text: words,
        findings: [],
        ...toldIn(p),
      })
    case 'go_external':
      await door.goExternal(app, ctx, id, { version, body: step.body, number: step.reference })
      return noteIfAny(words)
    case 'redirect':
      return door.redirect(app, ctx, id, {
        version,
        to: step.to,
        text: words,
        ...toldIn(p),
        reason: label('outcome', 'O6', p.complaint.locale),
      })
    case 'merge':
      await door.merge(app, ctx, id, { version, intoId: p.complaintId(step.into), sameComplainant: true })
      return noteIfAny(words)
  }
}

/**
 * Words of receipt. Where receipt was told already (telephone, counter, portal page) they are an answer on the portal, else
 * a note of what was said. In writing they are a first answer when they come from somebody who may answer.
 */
function acknowledge(p: Performing, words: string, version: number): Promise<Outcome> | undefined {
  const { app, ctx, id, complaint } = p
  const answers = words !== '' && ctx.actor.permissions.has('complaint.answer')
  const spoken = p.acknowledged && complaint.channel !== 'portal'
  if (answers && !spoken) return say(p, words, version)
  if (!p.acknowledged) return door.acknowledge(app, ctx, id, { version, text: words, ...toldIn(p) })
  return words ? door.note(app, ctx, id, { text: words, attachmentIds: [] }) : undefined
}

/** Nothing is sent from the past: who came by the portal reads it there, others were told in their own way. */
function toldIn({ complaint: { channel } }: Performing): { told?: string } {
  if (channel === 'portal') return {}
  return { told: canTell(channel, 'complainant', channel) ? channel : 'phone' }
}

function tried({ app, ctx, id }: Performing, channel: string, text: string, version: number): Promise<Outcome> {
  return door.confirm(app, ctx, id, { version, stance: 'unreachable', channel, text })
}

const contained: Readonly<Record<Locale, string>> = {
  'zh-Hant': '已請客人停用並拔掉插頭；同批商品先不賣。',
  'zh-Hans': '已请客人停用并断电；同批商品先停售。',
  en: 'Asked to stop using it and to unplug it; the same batch is not sold meanwhile.',
}

/** Whoever looks into an unsafe product has first seen to it that nobody uses it. */
async function containIfUnsafe({ app, ctx, id, complaint, version }: Performing): Promise<void> {
  const { product, flags = [], locale } = complaint
  if (!product || product.startsWith('SV-') || !flags.includes('safety')) return
  const due = await ctx.tx.first(
    sql`select 1 as ok from clock where org_id = ${ctx.actor.org.id} and complaint_id = ${id} and kind = 'containment' and ended_at is null`,
  )
  if (due) await door.contain(app, ctx, id, { version: await version(), text: contained[locale] })
}

/** A call of ours is a message with its facts; whoever is reached has what was promised until now. */
async function rang(p: Performing, reached: boolean, text: string, version: number): Promise<Outcome> {
  const { app, ctx, id } = p
  const seconds = reached ? 90 + text.length * 4 : 25
  const call = { direction: 'out', outcome: reached ? 'reached' : 'no_answer', number: '', seconds } as const
  if (reached) await keepPromises(p)
  const now = reached ? await p.version() : version
  return door.call(app, ctx, id, { version: now, ...call, consent: null, text, abusive: false, attachmentIds: [] })
}

/** Who writes or rings with news keeps what was promised, be it late. */
async function keepPromises({ app, ctx, id, version }: Performing): Promise<void> {
  const owed = await ctx.tx.rows<{ id: string }>(
    sql`select id from clock where org_id = ${ctx.actor.org.id} and complaint_id = ${id} and kind = 'promise' and ended_at is null`,
    'demo-promises',
  )
  for (const { id: clockId } of owed)
    await door.keepPromise(app, ctx, id, { version: await version(), clockId, text: '' })
}

function say(p: Performing, text: string, version: number, decision = false): Promise<Outcome> {
  const { app, ctx, id } = p
  return door.reply(app, ctx, id, { version, text, decision, findings: [], attachmentIds: [], ...toldIn(p) })
}

function assess({ app, ctx, id, complaint }: Performing, version: number): Promise<Outcome> {
  const { impact, likelihood, issue, flags = [] } = complaint
  return door.assess(app, ctx, id, { version, impact, likelihood, flags: [...flags], typeCode: issue, reason: '' })
}

function remedyLine({ code, text, money }: RemedyItem, locale: Locale): string {
  const sum = money ? ` ${moneyWords(money, locale)}` : ''
  const colon = locale === 'en' ? ': ' : '：'
  return `${label('remedy', code, locale)}${sum}${colon}${text}`
}

function moneyWords({ amount, currency }: NonNullable<RemedyItem['money']>, locale: Locale): string {
  const style = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const
  const tag = { 'zh-Hant': 'zh-TW', 'zh-Hans': 'zh-CN', en: 'en-GB' }[locale]
  return new Intl.NumberFormat(tag, style).format(amount / 100)
}

function label(list: 'remedy' | 'root_cause' | 'outcome', code: string, locale: Locale): string {
  const labels = starterCodes[list].find((one) => one.code === code)?.labels
  return labels?.[({ 'zh-Hant': 'zhHant', 'zh-Hans': 'zhHans', en: 'en' } as const)[locale]] ?? code
}

const broughtAnswer: Readonly<Record<Locale, string>> = {
  'zh-Hant': '併入的訴求點與本件一併查明，說明見答覆。',
  'zh-Hans': '并入的诉求点与本件一并查明，说明见答复。',
  en: 'Looked into together with this one; see our answer.',
}

/** Points that came with a merged complaint have their finding in the decision. */
async function broughtPoints({ ctx, id, complaint }: Performing, outcome: string) {
  const rows = await ctx.tx.rows<{ id: string }>(
    sql`select id from point where org_id = ${ctx.actor.org.id} and complaint_id = ${id} and finding is null order by no`,
  )
  const finding = outcome === 'O1' ? 'upheld' : outcome === 'O3' ? 'not_upheld' : 'partly_upheld'
  const said = broughtAnswer[complaint.locale]
  return rows.map((row) => ({ pointId: row.id, finding, answer: finding === 'upheld' ? '' : said }) as const)
}
