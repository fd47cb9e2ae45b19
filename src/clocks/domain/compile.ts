import { type Result, ok } from '../../kit/pure/result.ts'
import {
  type CalendarDefinition,
  type Weekday,
  type Window,
  type WindowText,
  checkCalendar,
  parseWindows,
} from './calendar-definition.ts'
import { DAY_MS, MINUTE_MS, dayNumber, formatDate, isoWeekday } from './civil.ts'
import { type Zone, makeZone } from './zone.ts'

/** One local year of open time; windows belong to the year of their opening date. All values epoch ms. */
export type CompiledYear = {
  readonly year: number
  /** First instant of the local year, and of the next. */
  readonly startMs: number
  readonly endMs: number
  /** Whether the holidays of this year are known. */
  readonly covered: boolean
  /** Disjoint [open, close) in order. */
  readonly opens: Float64Array
  readonly closes: Float64Array
  /** Open ms before interval i; one longer than the intervals, so that the last is the year's sum. */
  readonly before: Float64Array
}

/** A calendar ready to count with; years are computed when first needed and kept. */
export type CompiledCalendar = {
  readonly definition: CalendarDefinition
  readonly zone: Zone
  year(year: number): CompiledYear
  /** The open windows of one date (a day number), in wall clock minutes. */
  windowsOn(day: number): readonly Window[]
}

/** Checks and compiles a calendar; the refusals are those of `checkCalendar`. */
export function compileCalendar(definition: CalendarDefinition): Result<CompiledCalendar> {
  const checked = checkCalendar(definition)
  if (!checked.ok) return checked
  const zone = makeZone(definition.zone)
  const windowsOn = remembered(dayRule(definition))
  const years = new Map<number, CompiledYear>()
  const year = (wanted: number): CompiledYear => {
    const known = years.get(wanted)
    if (known) return known
    const compiled = compileYear(definition, zone, windowsOn, wanted)
    years.set(wanted, compiled)
    return compiled
  }
  return ok({ definition, zone, year, windowsOn })
}

/** The instant a wall clock minute of a date (a day number) shows. */
export function instantOf(zone: Zone, day: number, minute: number): number {
  return zone.toInstant(day * DAY_MS + minute * MINUTE_MS)
}

function remembered(rule: (day: number) => readonly Window[]): (day: number) => readonly Window[] {
  const known = new Map<number, readonly Window[]>()
  return (day) => {
    const before = known.get(day)
    if (before) return before
    const windows = rule(day)
    known.set(day, windows)
    return windows
  }
}

function dayRule(definition: CalendarDefinition): (day: number) => readonly Window[] {
  const { holidays, workdays, overrides = {}, breaks = {} } = definition
  const closed = new Set(holidays)
  const makeUp = new Set(workdays)
  const overridden = parseAll(overrides)
  const cut = parseAll(breaks)
  const week = parseAll(definition.week)
  const makeUpWindows = definition.workdayWindows?.length
    ? parseWindows(definition.workdayWindows)
    : (['1', '2', '3', '4', '5', '6', '7'] satisfies Weekday[]).map((d) => week.get(d) ?? []).find((w) => w.length > 0)
  return (day) => {
    const date = formatDate(day)
    if (closed.has(date)) return []
    const weekly = week.get(String(isoWeekday(day))) ?? []
    const ordinary = makeUp.has(date) && weekly.length === 0 ? (makeUpWindows ?? []) : weekly
    return without(overridden.get(date) ?? ordinary, cut.get(date) ?? [])
  }
}

function parseAll(lists: Readonly<Record<string, readonly WindowText[]>>): Map<string, readonly Window[]> {
  return new Map(Object.entries(lists).map(([key, texts]) => [key, parseWindows(texts)]))
}

function without(windows: readonly Window[], cuts: readonly Window[]): readonly Window[] {
  return cuts.reduce<readonly Window[]>((left, cut) => left.flatMap((window) => cutOut(window, cut)), windows)
}

function cutOut(window: Window, cut: Window): Window[] {
  const head = { open: window.open, close: Math.min(window.close, cut.open) }
  const tail = { open: Math.max(window.open, cut.close), close: window.close }
  return [head, tail].filter(({ open, close }) => open < close)
}

function compileYear(
  definition: CalendarDefinition,
  zone: Zone,
  windowsOn: (day: number) => readonly Window[],
  year: number,
): CompiledYear {
  const first = dayNumber(year, 1, 1)
  const afterLast = dayNumber(year + 1, 1, 1)
  const spans: [open: number, close: number][] = []
  for (let day = first; day < afterLast; day++) spans.push(...spansOf(zone, windowsOn, day))
  const spill = Math.max(-Infinity, ...spansOf(zone, windowsOn, first - 1).map(([, close]) => close))
  return {
    year,
    startMs: instantOf(zone, first, 0),
    endMs: instantOf(zone, afterLast, 0),
    covered: definition.noHolidays === true || definition.holidayYears.includes(year),
    ...tabulate(merge(spans, spill)),
  }
}

function spansOf(zone: Zone, windowsOn: (day: number) => readonly Window[], day: number): [number, number][] {
  return windowsOn(day).map(({ open, close }) => [instantOf(zone, day, open), instantOf(zone, day, close)])
}

// Overnight windows and DST gaps can make spans touch or overlap; an instant is open once.
function merge(spans: [number, number][], notBefore: number): [number, number][] {
  const merged: [number, number][] = []
  for (const [from, close] of spans.sort((a, b) => a[0] - b[0])) {
    const open = Math.max(from, notBefore)
    const last = merged.at(-1)
    if (open >= close) continue
    if (last && open <= last[1]) last[1] = Math.max(last[1], close)
    else merged.push([open, close])
  }
  return merged
}

function tabulate(spans: [number, number][]): Pick<CompiledYear, 'opens' | 'closes' | 'before'> {
  const before = new Float64Array(spans.length + 1)
  let sum = 0
  for (const [i, [open, close]] of spans.entries()) before[i + 1] = sum += close - open
  return {
    opens: Float64Array.from(spans, ([open]) => open),
    closes: Float64Array.from(spans, ([, close]) => close),
    before,
  }
}
