import { readFileSync } from 'node:fs'
import type { ChannelCode, Finding, IssueCode, Locale, RemedyCode, RemedyItem } from '../types.ts'

/** What a complaint goes through; see `courses.ts`. */
export const courseNames = [
  ...(['none', 'working', 'waiting', 'stuck', 'fast', 'normal', 'slow', 'called', 'asked', 'withdrawn'] as const),
  ...(['review', 'long'] as const),
]
export type CourseName = (typeof courseNames)[number]

export type ToldPoint = { readonly text: string; readonly finding?: Finding; readonly answer?: string }

/** A complaint as it is written in `*.txt`. */
export type Told = {
  readonly key: string
  /** Local time of receipt, `days` before today; or hours before now. */
  readonly received: { readonly days: number; readonly minute: number } | { readonly hoursAgo: number }
  readonly channel: ChannelCode
  readonly customer: string
  readonly place: string
  readonly product?: string
  readonly order?: string
  readonly issue: IssueCode
  /** 1 low … 4 critical. */
  readonly weight: number
  readonly course: CourseName
  readonly abusive: boolean
  readonly title: string
  readonly body: string
  readonly sought: string
  readonly points: readonly ToldPoint[]
  readonly remedies: readonly RemedyItem[]
  /** `?` what they were asked, `!` what they said then, `&` what stage 2 answered. */
  readonly asked?: string
  readonly said?: string
  readonly reviewed?: string
}

const files: Readonly<Record<Locale, string>> = { 'zh-Hant': 'taipei', 'zh-Hans': 'shanghai', en: 'london' }
const findings: Readonly<Record<string, Finding>> = { u: 'upheld', p: 'partly_upheld', n: 'not_upheld' }

/**
 * Reads the told complaints of a language. A block is
 *
 *     @ key | <days> <HH:MM> or h<hours> | channel | customer | place | product or - | order or - | issue weight | course [!]
 *     title
 *     body, on any number of lines
 *     > what they want
 *     - a point [== u|p|n answer]
 *     $ remedy [amount currency] what it is
 *     ? asked    ! said then    & answered at stage 2
 *
 * `!` after the course: the words hurt. Lines beginning with # are for whoever reads the file. Throws at what it cannot read.
 */
export function readTold(locale: Locale): Told[] {
  const text = readFileSync(new URL(`./${files[locale]}.txt`, import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => !line.startsWith('#'))
  return lines
    .join('\n')
    .split(/^@ /m)
    .slice(1)
    .map((block) => readBlock(block.trim()))
}

function readBlock(block: string): Told {
  const [head = '', title = '', ...rest] = block.split('\n')
  const [key = '', at = '', channel, customer = '', place = '', product, order, kind = '', ending = ''] =
    head.split(' | ')
  const of = (mark: string) => rest.filter((line) => line.startsWith(mark)).map((line) => line.slice(2).trim())
  const one = (mark: string) => of(mark)[0]
  const [issue, weight] = kind.split(' ')
  const [course, ...marks] = ending.split(' ')
  const known = courseNames.find((name) => name === course)
  const sought = one('> ')
  if (!known || !sought || of('- ').length === 0) throw new Error(`the told complaint ${key} cannot be read`)
  const said = { asked: one('? '), said: one('! '), reviewed: one('& ') }
  return {
    key,
    received: receivedOf(at, key),
    channel: channel as ChannelCode,
    customer,
    place,
    ...(product === '-' ? {} : { product }),
    ...(order === '-' ? {} : { order }),
    issue: issue as IssueCode,
    weight: Number(weight),
    course: known,
    abusive: marks.includes('!'),
    title,
    body: rest
      .slice(
        0,
        rest.findIndex((line) => line.startsWith('> ')),
      )
      .join('\n'),
    sought,
    points: of('- ').map(pointOf),
    remedies: of('$ ').map(remedyOf),
    ...Object.fromEntries(Object.entries(said).filter(([, words]) => words !== undefined)),
  } as Told
}

function receivedOf(at: string, key: string): Told['received'] {
  const [, hours] = /^h([\d.]+)$/.exec(at) ?? []
  if (hours) return { hoursAgo: Number(hours) }
  const [, days, hour, minute] = /^(\d+) (\d\d):(\d\d)$/.exec(at) ?? []
  if (!days || Number(days) < 1) throw new Error(`the told complaint ${key} came at no time: ${at}`)
  return { days: Number(days), minute: Number(hour) * 60 + Number(minute) }
}

function pointOf(line: string): ToldPoint {
  const [text = '', answered] = line.split(' == ')
  const finding = findings[answered?.[0] ?? '']
  return finding && answered ? { text, finding, answer: answered.slice(2) } : { text }
}

function remedyOf(line: string): RemedyItem {
  const [, code, amount, currency, text = ''] = /^(A\d+) (?:(\d+) (TWD|CNY|GBP) )?(.+)$/.exec(line) ?? []
  if (!code) throw new Error(`no remedy: ${line}`)
  const money = amount && { amount: Number(amount) * 100, currency: currency as 'TWD' | 'CNY' | 'GBP' }
  return { code: code as RemedyCode, text, ...(money ? { money } : {}) }
}
