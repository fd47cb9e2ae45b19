import { type Result, ok, refuse } from '../../kit/pure/result.ts'
import { parseDate } from './civil.ts'
import { isZoneName } from './zone.ts'

/** [open, close): 'HH:MM', close up to '24:00' or on the next day as '06:00+1'. */
export type WindowText = readonly [open: string, close: string]

/** The same in minutes of the opening date; `close` may exceed 1440. */
export type Window = { readonly open: number; readonly close: number }

export type Weekday = '1' | '2' | '3' | '4' | '5' | '6' | '7'

/** When people work, as data. Versions are immutable: a change is a new version. */
export type CalendarDefinition = {
  readonly key: string
  readonly version: number
  /** IANA name; never an offset. */
  readonly zone: string
  /** ISO weekday (1 = Monday) → windows; a missing day is closed. */
  readonly week: Readonly<Partial<Record<Weekday, readonly WindowText[]>>>
  /** 'YYYY-MM-DD'; a holiday closes its date whatever else is said of it. */
  readonly holidays: readonly string[]
  /** Make-up workdays (補班, 调休): dates open although the week says closed. */
  readonly workdays: readonly string[]
  /** Hours of a make-up workday whose weekday has none; default: those of the first working weekday. */
  readonly workdayWindows?: readonly WindowText[]
  /** Hours of single dates in place of the week's; [] closes the date. */
  readonly overrides?: Readonly<Record<string, readonly WindowText[]>>
  /** Cut out of single dates. */
  readonly breaks?: Readonly<Record<string, readonly WindowText[]>>
  /** Years the holidays and workdays are officially known for; elsewhere results are provisional. */
  readonly holidayYears: readonly number[]
  /** This calendar keeps no holidays (round the clock), so no year is provisional. */
  readonly noHolidays?: boolean
}

const WEEKDAYS: readonly Weekday[] = ['1', '2', '3', '4', '5', '6', '7']

/**
 * Accepts a calendar or says why not: `clocks.unknown-zone`, `clocks.bad-window`, `clocks.windows-overlap`,
 * `clocks.bad-date`, `clocks.holiday-and-workday`, `clocks.calendar-without-working-time`.
 */
export function checkCalendar(definition: CalendarDefinition): Result<CalendarDefinition> {
  if (!isZoneName(definition.zone)) return refuse('clocks.unknown-zone', { zone: definition.zone })
  for (const [day, windows] of windowLists(definition)) {
    const bad = windows.find((window) => parseWindow(window) === undefined)
    if (bad) return refuse('clocks.bad-window', { day, window: bad })
    if (overlap(parseWindows(windows))) return refuse('clocks.windows-overlap', { day })
  }
  const badDate = allDates(definition).find((date) => parseDate(date) === undefined)
  if (badDate !== undefined) return refuse('clocks.bad-date', { date: badDate })
  const both = definition.holidays.find((date) => definition.workdays.includes(date))
  if (both !== undefined) return refuse('clocks.holiday-and-workday', { date: both })
  // Single dates do not count: once they have passed, nothing would ever be open again.
  if (WEEKDAYS.every((day) => !definition.week[day]?.length))
    return refuse('clocks.calendar-without-working-time', { key: definition.key })
  return ok(definition)
}

/** '09:00','18:00' → minutes; undefined when malformed, empty, reversed or longer than a day. */
export function parseWindow([openText, closeText]: WindowText): Window | undefined {
  const open = parseTime(openText)
  const close = parseTime(closeText)
  if (open === undefined || close === undefined || open >= 1440) return undefined
  return close > open && close <= open + 1440 ? { open, close } : undefined
}

/** Windows of a checked calendar, in order. */
export function parseWindows(texts: readonly WindowText[]): readonly Window[] {
  const windows: Window[] = []
  for (const text of texts) {
    const window = parseWindow(text)
    if (!window) throw new RangeError(`not a window: ${text.join('–')}`)
    windows.push(window)
  }
  return windows.sort((a, b) => a.open - b.open)
}

function parseTime(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})(\+1)?$/.exec(text)
  if (!match) return undefined
  const minutes = Number(match[1]) * 60 + Number(match[2])
  if (Number(match[2]) > 59 || minutes > 1440) return undefined
  return match[3] ? minutes + 1440 : minutes
}

function overlap(windows: readonly Window[]): boolean {
  return windows.some((window, i) => i > 0 && window.open < (windows[i - 1]?.close ?? 0))
}

function windowLists(definition: CalendarDefinition): [string, readonly WindowText[]][] {
  const { week, overrides = {}, breaks = {}, workdayWindows = [] } = definition
  return [
    ...Object.entries(week),
    ...Object.entries(overrides),
    ...Object.entries(breaks),
    ['workdayWindows', workdayWindows],
  ]
}

function allDates(definition: CalendarDefinition): string[] {
  const { holidays, workdays, overrides = {}, breaks = {} } = definition
  return [...holidays, ...workdays, ...Object.keys(overrides), ...Object.keys(breaks)]
}
