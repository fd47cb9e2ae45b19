import { Temporal } from 'temporal-polyfill'
import { ok, refuse, type Result } from '../../kit/pure/result.ts'
import type { PeriodKind } from './period-kinds.ts'

/** Whole days of one zone: `first` and `last` are dates (YYYY-MM-DD), [from, to) the instants in epoch ms. */
export type Period = {
  readonly kind: PeriodKind
  readonly zone: string
  readonly first: string
  readonly last: string
  readonly from: number
  readonly to: number
  /** It ends before its last day does: the period before, only as far as this one has come. */
  readonly cut: boolean
}

export type Asked = {
  readonly kind: PeriodKind
  /** Any date in it; today where absent. Not for `custom`. */
  readonly on?: string | undefined
  /** First and last day of `custom`, both included. */
  readonly first?: string | undefined
  readonly last?: string | undefined
}

const mostDays = 3_700
const years = { first: 1990, last: 2200 }

/**
 * The period asked for, in whole days of the zone: weeks from Monday, quarters from January. Refuses insights.bad-period (400):
 * no such date, an end before its beginning, longer than ten years, or before 1990 or after 2200.
 */
export function periodOf(asked: Asked, now: number, zone: string): Result<Period> {
  if (asked.kind === 'custom') {
    const first = dateOf(asked.first)
    const last = dateOf(asked.last)
    if (!first || !last) return bad()
    const days = first.until(last).days
    return days < 0 || days >= mostDays ? bad() : ok(whole('custom', first, last.add({ days: 1 }), zone))
  }
  const day = asked.on === undefined ? today(now, zone) : dateOf(asked.on)
  if (!day) return bad()
  const first = beginning(asked.kind, day)
  return ok(whole(asked.kind, first, first.add(lengths[asked.kind]), zone))
}

/**
 * The one before: of the same kind, or for days of one's own as many days. While `period` is not over, only as far as it
 * has come by `now`: three days of this week are compared with three of the last.
 */
export function periodBefore(period: Period, now: number): Period {
  const { kind, zone } = period
  const next = Temporal.PlainDate.from(period.first)
  const days = next.until(Temporal.PlainDate.from(period.last)).days + 1
  const first = next.subtract(kind === 'custom' ? { days } : lengths[kind])
  const before = whole(kind, first, next, zone)
  if (now < period.from || now >= period.to) return before
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const passed = next.until(local.toPlainDate()).days
  const until = first.add({ days: passed }).toZonedDateTime({ timeZone: zone, plainTime: local.toPlainTime() })
  if (until.epochMilliseconds >= before.to) return before
  const last = first.add({ days: passed }).toString()
  return { ...before, last, to: until.epochMilliseconds, cut: true }
}

/** How to ask for the period `steps` away; days of one's own move by as many days as they are. */
export function moved(period: Pick<Period, 'kind' | 'first' | 'last'>, steps: number): Asked {
  const { kind } = period
  const first = Temporal.PlainDate.from(period.first)
  if (kind !== 'custom') return { kind, on: add(first, lengths[kind], steps).toString() }
  const last = Temporal.PlainDate.from(period.last)
  const days = first.until(last).days + 1
  return { kind, first: add(first, { days }, steps).toString(), last: add(last, { days }, steps).toString() }
}

type Length = { readonly days?: number; readonly months?: number; readonly years?: number }
const lengths: Record<Exclude<PeriodKind, 'custom'>, Length> = {
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
}

function beginning(kind: Exclude<PeriodKind, 'custom'>, day: Temporal.PlainDate): Temporal.PlainDate {
  if (kind === 'week') return day.subtract({ days: day.dayOfWeek - 1 })
  if (kind === 'month') return day.with({ day: 1 })
  if (kind === 'year') return day.with({ month: 1, day: 1 })
  return day.with({ month: day.month - ((day.month - 1) % 3), day: 1 })
}

function add(day: Temporal.PlainDate, length: Length, steps: number): Temporal.PlainDate {
  const { days = 0, months = 0, years: many = 0 } = length
  return day.add({ days: days * steps, months: months * steps, years: many * steps })
}

function whole(kind: PeriodKind, first: Temporal.PlainDate, next: Temporal.PlainDate, zone: string): Period {
  // The first instant of a day, also where the clocks skip midnight.
  const instant = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).epochMilliseconds
  const last = next.subtract({ days: 1 }).toString()
  return { kind, zone, first: first.toString(), last, from: instant(first), to: instant(next), cut: false }
}

function today(now: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
}

function dateOf(text: string | undefined): Temporal.PlainDate | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  try {
    const day = Temporal.PlainDate.from(text)
    return day.year >= years.first && day.year <= years.last ? day : undefined
  } catch {
    return undefined
  }
}

const bad = () => refuse('insights.bad-period', {}, 400)
