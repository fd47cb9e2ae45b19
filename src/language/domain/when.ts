import { type Day, dayOf, instantAt, weekdayOf } from './civil-day.ts'
import { number } from './numerals.ts'

/** What a few typed characters mean: an instant, and what was guessed on the way, to be shown before it is promised. */
export type When = {
  /** Epoch ms. */
  readonly at: number
  /** No time was given: the end of the working day. */
  readonly dateOnly: boolean
  /** Could be read otherwise too (3/4, "3 點", "next Friday"). */
  readonly unsure: boolean
}

const END_OF_DAY = { hour: 18, minute: 0 }
const MINUTE = 60_000

type Time = { readonly hour: number; readonly minute: number }
type Read = {
  readonly day?: Day
  readonly time?: Time
  readonly after?: number
  readonly unsure?: boolean
  /** The year or the week was left open: one that is over means the next. */
  readonly rolls?: 'year' | 'week'
}
type Reader = readonly [pattern: RegExp, read: (found: RegExpExecArray, today: Day) => Read | undefined]

/**
 * Reads a date and time as people type it on the telephone, in three languages, western or 民國: "明天 15:30", "週五",
 * "114/12/3", "12/3 3pm", "in 2 days". Null when any of it is not understood. `zone` is that of the reader (IANA).
 */
export function parseWhen(text: string, { now, zone }: { now: number; zone: string }): When | null {
  const today = dayOf(now, zone)
  const read = readAll(normal(text), today)
  if (!read) return null
  if (read.after !== undefined && !read.day && !read.time)
    return { at: Math.ceil((now + read.after) / MINUTE) * MINUTE, dateOnly: false, unsure: false }
  const { time = END_OF_DAY } = read
  let day = read.day ?? today
  const at = () => instantAt(day, time, zone)
  if (!isReal(day) || time.hour > 23 || time.minute > 59) return null
  if (!read.day && at() <= now) day = plus(day, 1)
  if (read.rolls === 'week' && at() <= now) day = plus(day, 7)
  if (read.rolls === 'year' && at() <= now) day = { ...day, year: day.year + 1 }
  return { at: at(), dateOnly: read.time === undefined, unsure: read.unsure ?? false }
}

function normal(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('後', '后')
    .replaceAll('點', '点')
    .replaceAll('鐘', '钟')
    .replaceAll(/[號号]/g, '日')
    .replaceAll(/[週禮拜]|星期|礼拜/g, '周')
    .replaceAll(/周周+/g, '周')
    .trim()
}

const between = /^(?:[\s,，、的]+|at\b|on\b|by\b|before\b|@)+/

function readAll(given: string, today: Day): Read | undefined {
  let rest = given
  let all: Read = {}
  let read = 0
  while (rest !== '') {
    const skipped = rest.replace(between, '')
    if (skipped !== rest) {
      rest = skipped
      continue
    }
    const one = readOne(rest, today)
    if (!one || clash(all, one.read)) return undefined
    all = { ...all, ...one.read, unsure: (all.unsure ?? false) || (one.read.unsure ?? false) }
    rest = one.rest
    read += 1
  }
  return read > 0 ? all : undefined
}

function readOne(rest: string, today: Day): { read: Read; rest: string } | undefined {
  for (const [pattern, read] of readers) {
    const found = pattern.exec(rest)
    const is = found && read(found, today)
    if (found && is) return { read: is, rest: rest.slice(found[0].length) }
  }
  return undefined
}

const clash = (a: Read, b: Read) =>
  (a.day && b.day) || (a.time && b.time) || (a.after !== undefined && (b.day || b.time || b.after !== undefined))

const plus = ({ year, month, day }: Day, days: number): Day => {
  const d = new Date(Date.UTC(year, month - 1, day + days))
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() }
}

function isReal(d: Day): boolean {
  const same = plus(d, 0)
  return same.month === d.month && same.day === d.day && d.year >= 1900 && d.year <= 2200
}

const n = '(\\d{1,4}|[〇零一二兩两三四五六七八九十半]+)'
const spans: readonly (readonly [RegExp, number])[] = [
  [/^(?:分钟?|minutes?|mins?|min|m\b)/, MINUTE],
  [/^(?:个?小[时時]|[个個]钟头|钟头|時|hours?|hrs?|hr|h\b)/, 60 * MINUTE],
]
const dayUnits: readonly (readonly [RegExp, number])[] = [
  [/^(?:天|日|days?|d\b)/, 1],
  [/^(?:个?周|weeks?|wks?|w\b)/, 7],
]

/** "in 2 days", "2天后", "半小时后": of days the date, of hours the minute. */
function span(found: RegExpExecArray, today: Day): Read | undefined {
  const count = number(found[1] ?? '')
  const unit = found[2] ?? ''
  if (count === undefined) return undefined
  const ms = spans.find(([pattern]) => pattern.test(unit))?.[1]
  if (ms !== undefined) return { after: count * ms }
  const days = dayUnits.find(([pattern]) => pattern.test(unit))?.[1]
  return days === undefined || !Number.isInteger(count) ? undefined : { day: plus(today, count * days) }
}

const unitZh = '(分钟?|[个個]?小[时時]|[个個]钟头|钟头|天|日|[个個]?周)'
const unitEn = '(minutes?|mins?|hours?|hrs?|days?|weeks?|[mhdw]\\b)'

const weekdays: readonly (readonly [RegExp, number])[] = [
  [/^(?:一|mon)/, 1],
  [/^(?:二|tue)/, 2],
  [/^(?:三|wed)/, 3],
  [/^(?:四|thu)/, 4],
  [/^(?:五|fri)/, 5],
  [/^(?:六|sat)/, 6],
  [/^(?:日|天|sun)/, 7],
]
const weekdayEn =
  '(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\\b'

/** The next one to come; with "下" or "next" that of the week after this. */
function weekday(named: string, today: Day, next: boolean): Read | undefined {
  const wanted = weekdays.find(([pattern]) => pattern.test(named))?.[1]
  if (wanted === undefined) return undefined
  const is = weekdayOf(today)
  if (next) return { day: plus(today, wanted - is + 7) }
  return { day: plus(today, (wanted - is + 7) % 7), rolls: 'week' }
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthEn = `(${months.join('|')})[a-z]*\\.?`

/** Three digits are a year of the Republic, four a western one, two a western one of this century. */
function yearOf(text: string, roc: boolean): number {
  const year = Number(text)
  if (roc || (text.length === 3 && year < 200)) return year + 1911
  return text.length === 2 ? 2000 + year : year
}

const ymd = (y: string, m: string, d: string, roc = false): Read => ({
  day: { year: yearOf(y, roc), month: Number(m), day: Number(d) },
})

/** Month first, as both Chinese and the desk write it; where both could be the month that is a guess. */
function twoNumbers(a: number, b: number, today: Day): Read {
  const swapped = a > 12
  const [month, day] = swapped ? [b, a] : [a, b]
  return { day: { year: today.year, month, day }, rolls: 'year', unsure: !swapped && b <= 12 && a !== b }
}

const parts: Readonly<Record<string, 'am' | 'pm' | 'noon'>> = {
  凌晨: 'am',
  清晨: 'am',
  早上: 'am',
  早: 'am',
  上午: 'am',
  今早: 'am',
  中午: 'noon',
  下午: 'pm',
  傍晚: 'pm',
  晚上: 'pm',
  晚: 'pm',
  夜里: 'pm',
  夜裡: 'pm',
}

function clock(hour: number, minute: number, part: string | undefined, chinese = false): Read {
  const half = part === undefined ? undefined : (parts[part] ?? (part.startsWith('p') ? 'pm' : 'am'))
  if (half === 'pm' || half === 'noon') {
    const late = hour < 12 && !(half === 'noon' && hour === 11) ? hour + 12 : hour
    return { time: { hour: late, minute } }
  }
  if (half === 'am') return { time: { hour: hour === 12 ? 0 : hour, minute } }
  // "三點" at work is the afternoon.
  const guessed = chinese && hour >= 1 && hour <= 6
  return { time: { hour: guessed ? hour + 12 : hour, minute }, unsure: guessed }
}

const part = `(${Object.keys(parts)
  .sort((a, b) => b.length - a.length)
  .join('|')})`
const minuteOf = (text: string | undefined): number =>
  text === undefined ? 0 : text === '半' ? 30 : text === '一刻' ? 15 : text === '三刻' ? 45 : (number(text) ?? 99)

const readers: readonly Reader[] = [
  [/^(?:the )?day after tomorrow\b/, (_, today) => ({ day: plus(today, 2) })],
  [/^(?:today|今天|今日)/, (_, today) => ({ day: today })],
  [/^tonight\b/, (_, today) => ({ day: today, time: { hour: 20, minute: 0 } })],
  [/^(?:tomorrow|tmrw?|明天|明日|明(?=[早晚上下]))/, (_, today) => ({ day: plus(today, 1) })],
  [/^大(?:后天|后日)/, (_, today) => ({ day: plus(today, 3) })],
  [/^(?:后天|后日)/, (_, today) => ({ day: plus(today, 2) })],
  [/^今(?=[早晚])/, (_, today) => ({ day: today })],
  [new RegExp(`^${n}\\s*${unitZh}(?:之?[后內内]|以后)`), span],
  [new RegExp(`^in ${n}\\s*${unitEn}`), span],
  [new RegExp(`^in (an?) ${unitEn}`), (f, today) => span(Object.assign(f, { 1: '1' }), today)],
  [new RegExp(`^${n}\\s*${unitEn}(?: from now)?$`), span],
  [/^(下)(?:个|個)?周([一二三四五六日天])/, (f, today) => weekday(f[2] ?? '', today, true)],
  [/^(?:这|這|本)?(?:个|個)?周([一二三四五六日天])/, (f, today) => weekday(f[1] ?? '', today, false)],
  [new RegExp(`^next ${weekdayEn}`), (f, today) => ({ ...weekday(f[1] ?? '', today, true), unsure: true })],
  [new RegExp(`^(?:this )?${weekdayEn}`), (f, today) => weekday(f[1] ?? '', today, false)],
  [
    /^(?:民国|民國)\s*(\d{1,3})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})日?/,
    (f) => ymd(f[1] ?? '', f[2] ?? '', f[3] ?? '', true),
  ],
  [/^(\d{2,4})年(\d{1,2})月(\d{1,2})日?/, (f) => ymd(f[1] ?? '', f[2] ?? '', f[3] ?? '')],
  [/^(\d{2,4})([/.-])(\d{1,2})\2(\d{1,2})(?!\d)/, (f) => ymd(f[1] ?? '', f[3] ?? '', f[4] ?? '')],
  [
    /^(\d{1,2})月(\d{1,2})日?/,
    (f, today) => ({ day: { year: today.year, month: Number(f[1]), day: Number(f[2]) }, rolls: 'year' }),
  ],
  [/^(\d{1,2})[/-](\d{1,2})(?![\d/:-])/, (f, today) => twoNumbers(Number(f[1]), Number(f[2]), today)],
  [new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)? ${monthEn}(?: (\\d{4}))?`), (f, today) => named(f[2], f[1], f[3], today)],
  [
    new RegExp(`^${monthEn} (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?(?!\\d)`),
    (f, today) => named(f[1], f[2], f[3], today),
  ],
  [/^(?:noon|midday)\b/, () => ({ time: { hour: 12, minute: 0 } })],
  [
    new RegExp(`^${part}?\\s*(\\d{1,2}):(\\d{2})(?::\\d{2})?\\s*(am|pm|a\\.m\\.|p\\.m\\.)?(?!\\d)`),
    (f) => clock(Number(f[2]), Number(f[3]), f[1] ?? f[4]),
  ],
  [/^(\d{1,2})\s*(am|pm|a\.m\.|p\.m\.)/, (f) => (Number(f[1]) > 12 ? undefined : clock(Number(f[1]), 0, f[2]))],
  [
    new RegExp(`^${part}?\\s*${n}\\s*[点時](?:\\s*(半|一刻|三刻|${n})\\s*分?)?(?:钟|整)?`),
    (f) => {
      const hour = number(f[2] ?? '')
      return hour === undefined ? undefined : clock(hour, minuteOf(f[3]), f[1], true)
    },
  ],
  [/^中午/, () => ({ time: { hour: 12, minute: 0 } })],
]

function named(month = '', day = '', year: string | undefined, today: Day): Read {
  const is = { year: year ? Number(year) : today.year, month: months.indexOf(month) + 1, day: Number(day) }
  return year ? { day: is } : { day: is, rolls: 'year' }
}
