import { channelOf } from '../../channels/index.ts'
import { mainRemedy } from '../approvals.ts'
import { customerOf } from '../customer-book.ts'
import { teams } from '../organisation.ts'
import { staff } from '../staff.ts'
import type { Finding, Locale, OutcomeCode, Step } from '../types.ts'
import { exchange } from './long-exchange.ts'
import type { Told } from './read-told.ts'
import * as words from './words.ts'

/** Who works on told complaints of a language: takes in, owns, leads, reviews. */
const crews = {
  'zh-Hant': { intake: 'shufen', owners: ['meilin', 'jiahao'], team: 'taipei', reviewer: 'jianhong' },
  'zh-Hans': { intake: 'sunyue', owners: ['limin', 'haoran'], team: 'shanghai', reviewer: 'helen' },
  en: { intake: 'callum', owners: ['priya', 'callum'], team: 'london', reviewer: 'helen' },
} as const

/** Who deals with one complaint, and its own choice among the variations. */
export type Cast = {
  readonly told: Told
  readonly locale: Locale
  readonly team: string
  readonly intake: string
  readonly owner: string
  readonly lead: string
  readonly reviewer: string
  say(variations: (typeof words)['receipt']): string
}

/** The cast of a complaint, always the same for the same key. */
export function castOf(told: Told, locale: Locale): Cast {
  const { intake, owners, team, reviewer } = crews[locale]
  const no = numberOf(told.key)
  const owner = owners[no % owners.length] ?? owners[0]
  const name = told.customer === 'anonymous' ? '' : (customerOf(told.customer)?.name ?? '')
  const talk = { name, owner: nameOf(owner), point: told.points[0]?.text ?? '' }
  const lead = teams.find(({ key }) => key === team)?.lead ?? ''
  const say: Cast['say'] = (variations) => {
    const list = variations[locale]
    return list[no % list.length]?.(talk) ?? ''
  }
  return { told, locale, team, intake, owner, lead, reviewer, say }
}

/** A number from a key, spread evenly. */
export const numberOf = (key: string) =>
  [...key].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973, 7)

const nameOf = (key: string) => staff.find((one) => one.key === key)?.name ?? key

/**
 * What happens to a told complaint. `at` is in working hours of its team after receipt; a
 * negative time is so many hours after the step before, whatever the hour: what complainants do, and what is said to them while
 * they are there.
 */
export function courseOf(cast: Cast): readonly Step[] {
  const { told, owner } = cast
  switch (told.course) {
    case 'none':
      return begun(cast).filter((step) => step.at < 0)
    case 'working':
      return begun(cast)
    case 'waiting':
      return [...begun(cast), asking(cast)]
    case 'stuck':
      return [...begun(cast), promising(cast, 6, 20)]
    case 'withdrawn':
      return [...begun(cast), { at: -9, do: 'withdraw', text: told.said ?? '' }]
    case 'fast':
      return [...begun(cast), ...answered(cast, 2, 12)]
    case 'normal':
      return [...begun(cast), ...answered(cast, 6, 26)]
    case 'slow':
      return [...begun(cast), { at: 15, by: owner, do: 'reply', text: cast.say(words.news) }, ...answered(cast, 34, 80)]
    case 'called':
      return [...begun(cast), ...calls(cast), ...answered(cast, 9, 28)]
    case 'asked':
      return [
        ...begun(cast),
        asking(cast),
        { at: -5, do: 'customer_message', text: told.said ?? '' },
        ...answered(cast, 14, 36),
      ]
    case 'review':
      return [...begun(cast), ...answered(cast, 6, 20), ...reviewed(cast)]
    case 'long':
      return [...begun(cast), ...exchange(owner), ...answered(cast, 120, 150)]
  }
}

/** Taken in, weighed, given to somebody who looks into it. */
function begun(cast: Cast): Step[] {
  const { told, intake, lead, owner } = cast
  const told_ = ['google_review', 'suggestion_box', 'weibo', 'xiaohongshu', 'letter', '1950', '12315', '12345']
  const quiet = [...told_, 'regulator_referral', 'facebook_comment', 'marketplace'].includes(told.channel)
  return [
    {
      at: told.channel !== 'portal' && channelOf(told.channel)?.live ? -0.01 : 0.3,
      by: intake,
      do: 'acknowledge',
      ...(quiet ? {} : { text: cast.say(words.receipt) }),
    },
    { at: 0.6, by: lead, do: 'assess' },
    { at: 0.7, by: lead, do: 'assign', to: owner },
    { at: 1.4, by: owner, do: 'investigate' },
    { at: 1.8, by: owner, do: 'note', text: cast.say(words.working) },
  ]
}

function asking({ told, owner }: Cast): Step {
  return { at: 2.5, by: owner, do: 'ask_info', from: 'customer', text: told.asked ?? '' }
}

function promising({ owner, locale }: Cast, at: number, due: number): Step {
  return { at, by: owner, do: 'promise', due, text: words.callBack[locale] }
}

/** Nobody there, then a talk, and a call-back that is kept. */
function calls(cast: Cast): Step[] {
  const { owner } = cast
  return [
    { at: 2, by: owner, do: 'call', reached: false, text: cast.say(words.rang) },
    { at: 4, by: owner, do: 'call', reached: true, text: cast.say(words.spoke) },
    promising(cast, 4.1, 13),
  ]
}

/** An apology and an explanation are given by saying them; anything else is carried out. */
const inWords: ReadonlySet<string> = new Set(['A1', 'A2', 'A14'])

/** Found point by point from `at`, answered an hour later; carried out and closed by `until`. */
function answered(cast: Cast, at: number, until: number): Step[] {
  const { told, owner, lead } = cast
  const { remedies } = told
  const carried = !inWords.has(mainRemedy(remedies)?.code ?? 'A14')
  const findings = told.points.map(
    ({ finding = 'upheld', answer = '' }, i): Step => ({
      at: at + i * 0.2,
      by: owner,
      do: 'find',
      point: i + 1,
      finding,
      answer,
    }),
  )
  return [
    ...findings,
    { at: at + 1, by: owner, do: 'propose', remedies, text: remedies.map(({ text }) => text).join('；') },
    { at: at + 1.6, by: lead, do: 'decide', outcome: outcomeOf(told), text: '' },
    { at: at + 2, by: owner, do: 'respond', text: answerOf(cast) },
    ...(carried ? carriedOut(cast, at + 2.5, (at + until) / 2) : []),
    ...closed(cast, until),
  ]
}

function carriedOut(cast: Cast, at: number, done: number): Step[] {
  const { owner } = cast
  return [
    { at, by: owner, do: 'start_remedy', text: cast.say(words.started) },
    { at: done, by: owner, do: 'remedy_done', text: cast.say(words.done) },
  ]
}

/** Closed by what they said; who gave no name cannot say it, and is answered where they look. */
function closed(cast: Cast, at: number): Step[] {
  const { told, owner } = cast
  if (told.customer === 'anonymous') return []
  const summary = told.remedies.map(({ text }) => text).join('；')
  if (told.course === 'review') return [{ at, by: owner, do: 'close', reason: 'C2', summary }]
  return [
    { at: at - 0.2, by: owner, do: 'follow_up', result: 'satisfied', text: cast.say(words.content) },
    { at, by: owner, do: 'close', reason: 'C1', summary },
  ]
}

/** Not accepted: somebody else looks again, and says what they find where the text has it. */
function reviewed({ told, reviewer }: Cast): Step[] {
  const asked: Step[] = [
    { at: -20, do: 'request_review', text: told.said ?? '' },
    { at: 40, by: reviewer, do: 'assign', to: reviewer },
  ]
  if (!told.reviewed) return asked
  return [...asked, { at: 62, by: reviewer, do: 'conclude_review', outcome: 'O1', text: told.reviewed }]
}

function outcomeOf({ points }: Told): OutcomeCode {
  const all = (finding: Finding) => points.every((point) => point.finding === finding)
  if (all('upheld')) return 'O1'
  return all('not_upheld') ? 'O3' : 'O2'
}

const numerals = ['一', '二', '三', '四']

/** Every point answered in turn, to the one who asked. */
function answerOf(cast: Cast): string {
  const { told, locale } = cast
  const name = told.customer === 'anonymous' ? '' : (customerOf(told.customer)?.name ?? '')
  const hello = locale === 'en' ? (name ? `Dear ${name},` : 'Hello,') : `${name}您好：`
  const answers = told.points.map(({ answer = '' }, i) => {
    if (told.points.length === 1) return answer
    return locale === 'en' ? `${i + 1}. ${answer}` : `${numerals[i]}、${answer}`
  })
  return [hello, ...answers, cast.say(words.ending)].join('\n')
}
