import { MINUTE_MS, utcYear } from './civil.ts'
import type { CompiledCalendar, CompiledYear } from './compile.ts'

/** An instant (epoch ms) and whether a year without official holiday data was passed on the way to it. */
export type Reckoned = { readonly at: number; readonly provisional: boolean }

// Beyond these the zone rules are guesses; a reckoning that runs out of them is a defect of the target.
const FIRST_YEAR = 1900
const LAST_YEAR = 2300

// A window of the year before y closes at the latest 24 h after its last midnight, in a zone at most 12 h behind UTC.
const SPILL_MS = 36 * 3_600_000

/**
 * The instant when `minutes` (≥ 0, fractions allowed) of open time have passed since `startMs`. Starting on a close
 * counts from the next opening; ending on a close stays there; 0 minutes is the next open instant.
 */
export function addMinutes(calendar: CompiledCalendar, startMs: number, minutes: number): Reckoned {
  if (!(minutes >= 0)) throw new RangeError('minutes must be 0 or more')
  let left = Math.round(minutes * MINUTE_MS)
  let provisional = false
  for (let y = firstYear(startMs); y <= LAST_YEAR; y++) {
    const year = calendar.year(y)
    if (!year.covered && year.endMs > startMs) provisional = true
    const from = firstClosingAfter(year, startMs)
    if (from === year.opens.length) continue
    const target = openBefore(year, from, startMs) + left
    const sum = value(year.before, year.opens.length)
    if (target <= sum) return { at: instantAt(year, from, target), provisional }
    left = target - sum
  }
  throw new RangeError('the target lies beyond the years this calendar can reckon')
}

/** Open minutes in [fromMs, toMs); 0 when reversed or closed throughout. */
export function openMinutesBetween(calendar: CompiledCalendar, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0
  let sum = 0
  for (let y = firstYear(fromMs); y <= LAST_YEAR; y++) {
    const year = calendar.year(y)
    sum += openUntil(year, toMs) - openUntil(year, fromMs)
    if (year.endMs >= toMs) return sum / MINUTE_MS
  }
  throw new RangeError('the span lies beyond the years this calendar can reckon')
}

/** Whether the instant lies in a window; the opening does, the closing does not. */
export function isOpen(calendar: CompiledCalendar, ms: number): boolean {
  return nextOpen(calendar, ms).at === ms
}

/** The instant itself when open, else the next opening. */
export function nextOpen(calendar: CompiledCalendar, ms: number): Reckoned {
  return addMinutes(calendar, ms, 0)
}

function firstYear(ms: number): number {
  const year = utcYear(ms - SPILL_MS)
  if (year >= FIRST_YEAR && year <= LAST_YEAR) return year
  throw new RangeError('an instant outside the years this calendar can reckon')
}

// Index of the first interval that closes after ms; the number of intervals when none does.
function firstClosingAfter({ closes }: CompiledYear, ms: number): number {
  let low = 0
  let high = closes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value(closes, middle) > ms) high = middle
    else low = middle + 1
  }
  return low
}

// The smallest interval whose end reaches the target, so that a target on a close stays on it.
function instantAt({ opens, before }: CompiledYear, from: number, target: number): number {
  let low = from
  let high = opens.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value(before, middle + 1) >= target) high = middle
    else low = middle + 1
  }
  return value(opens, low) + target - value(before, low)
}

function openBefore({ opens, before }: CompiledYear, i: number, ms: number): number {
  return value(before, i) + Math.max(0, ms - value(opens, i))
}

function openUntil(year: CompiledYear, ms: number): number {
  const i = firstClosingAfter(year, ms)
  return i === year.opens.length ? value(year.before, i) : openBefore(year, i, ms)
}

function value(table: Float64Array, i: number): number {
  return table[i] ?? Number.NaN
}
