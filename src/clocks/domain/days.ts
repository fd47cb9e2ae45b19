import type { Reckoned } from './arithmetic.ts'
import { DAY_MS, addMonths, civilDate } from './civil.ts'
import { type CompiledCalendar, instantOf } from './compile.ts'

/** How days are counted; the words are those of the statutory templates. */
export type DayRule = {
  readonly n: number
  readonly unit: 'calendar_day' | 'business_day' | 'week' | 'month'
  /** Whether the day of receipt is day 1 (`include`) or not counted (`exclude`: 民法 §120, 民法典 §201). */
  readonly countRule: 'exclude' | 'include'
  /** `next_business_day`: received on a closed day or after its last close counts as the next working day. */
  readonly receivedRule: 'as_is' | 'next_business_day'
  /** What a last day without work becomes. */
  readonly roll: 'none' | 'next' | 'prev'
  /** The instant of the last day: 23:59:59.999 or the last close (end of day where there is none). */
  readonly to: 'end_of_day' | 'close'
}

// Ten years: more is a mistyped target, and rolling must end on any calendar.
const MOST_DAYS = 3_660

/** The instant a period counted in days ends. Throws RangeError unless n is a whole number from 0 to 3660. */
export function addDays(calendar: CompiledCalendar, startMs: number, rule: DayRule): Reckoned {
  if (!Number.isInteger(rule.n) || rule.n < 0 || rule.n > MOST_DAYS) throw new RangeError(`not a day count: ${rule.n}`)
  const start = localDay(calendar, startMs)
  const received = rule.receivedRule === 'as_is' ? start : receivedDay(calendar, start, startMs)
  const last = roll(calendar, lastDay(calendar, received, rule), received, rule.roll)
  return { at: endOf(calendar, last, rule.to), provisional: !covered(calendar, start, last) }
}

/** The local date of an instant, as a day number. */
export function localDay(calendar: CompiledCalendar, ms: number): number {
  return Math.floor(calendar.zone.toLocal(ms) / DAY_MS)
}

/** Whether any window opens on this date (a day number). */
export function isBusinessDay(calendar: CompiledCalendar, day: number): boolean {
  return calendar.windowsOn(day).length > 0
}

/** The last instant of a date, or the close of its last window where it has one. */
export function endOf(calendar: CompiledCalendar, day: number, to: DayRule['to']): number {
  const close = to === 'close' ? calendar.windowsOn(day).at(-1)?.close : undefined
  return close === undefined ? instantOf(calendar.zone, day + 1, 0) - 1 : instantOf(calendar.zone, day, close)
}

function receivedDay(calendar: CompiledCalendar, day: number, startMs: number): number {
  const inTime = isBusinessDay(calendar, day) && startMs < endOf(calendar, day, 'close')
  return inTime ? day : nextBusinessDay(calendar, day + 1, 1)
}

function lastDay(calendar: CompiledCalendar, received: number, { n, unit, countRule }: DayRule): number {
  const early = countRule === 'include' && n > 0 ? 1 : 0
  if (unit === 'month') return addMonths(received, n) - early
  if (unit === 'week') return received + 7 * n - early
  if (unit === 'calendar_day') return received + n - early
  return countBusinessDays(calendar, early ? received : received + 1, n)
}

function countBusinessDays(calendar: CompiledCalendar, from: number, n: number): number {
  if (n === 0) return from - 1
  let day = nextBusinessDay(calendar, from, 1)
  for (let counted = 1; counted < n; counted++) day = nextBusinessDay(calendar, day + 1, 1)
  return day
}

// Rolling back never passes the day of receipt: a target is not due before it began.
function roll(calendar: CompiledCalendar, day: number, received: number, how: DayRule['roll']): number {
  if (how === 'none' || isBusinessDay(calendar, day)) return day
  const rolled = nextBusinessDay(calendar, day, how === 'next' ? 1 : -1)
  return rolled < received ? day : rolled
}

function nextBusinessDay(calendar: CompiledCalendar, from: number, step: 1 | -1): number {
  for (let i = 0, day = from; i < MOST_DAYS; i++, day += step) if (isBusinessDay(calendar, day)) return day
  throw new RangeError('no working day within ten years')
}

function covered(calendar: CompiledCalendar, from: number, to: number): boolean {
  const { holidayYears, noHolidays } = calendar.definition
  if (noHolidays) return true
  const [first, last] = [civilDate(Math.min(from, to)).year, civilDate(Math.max(from, to)).year]
  for (let year = first; year <= last; year++) if (!holidayYears.includes(year)) return false
  return true
}
