import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { valueOf } from '../../kit/pure/result.ts'
import { shippedCalendars } from '../calendars/index.ts'
import { addMinutes, isOpen, nextOpen, openMinutesBetween } from './arithmetic.ts'
import type { CalendarDefinition, Weekday, WindowText } from './calendar-definition.ts'
import { formatDate } from './civil.ts'
import { type CompiledCalendar, compileCalendar } from './compile.ts'
import { type DayRule, addDays, localDay } from './days.ts'

const shared = new URL('../../../../shared/', import.meta.url)
const domainData = new URL('domain/domain-data.json', shared)
const businessHours = new URL('data/business_hours/cases.json', shared)

type Hours = Readonly<Record<string, readonly WindowText[]>>

const everyYear = Array.from({ length: 60 }, (_, i) => 1985 + i)

function compile(zone: string, week: CalendarDefinition['week'], rest: Partial<CalendarDefinition>): CompiledCalendar {
  const plain = { key: 'oracle', version: 1, holidays: [], workdays: [], holidayYears: everyYear }
  return valueOf(compileCalendar({ ...plain, zone, week, ...rest }))
}

describe.skipIf(!existsSync(domainData))('the field’s own oracles (skipped where ../shared is absent)', () => {
  type Case = {
    id: string
    op: 'addMinutes' | 'addDays' | 'elapsed'
    calendar: string
    why: string
    start: string
    minutes: number
    expect: string
    n: number
    unit: DayRule['unit']
    expectDate: string
    countRule: DayRule['countRule']
    roll: DayRule['roll']
    receivedRule: string
    from: string
    to: string
    expectMinutes: number
  }
  type Calendar = { tz: string; week: Hours; holidays: string[]; workdays: string[] }
  const data: { calendars: Record<string, Calendar>; sla_cases: Case[] } = existsSync(domainData)
    ? JSON.parse(readFileSync(domainData, 'utf8'))
    : { calendars: {}, sla_cases: [] }

  const days: Record<string, readonly Weekday[]> = {
    '1-5': ['1', '2', '3', '4', '5'],
    '1-7': ['1', '2', '3', '4', '5', '6', '7'],
  }
  const calendars = new Map(
    Object.entries(data.calendars).map(([key, { tz, week, holidays, workdays }]) => {
      const spread = Object.entries(week).flatMap(([range, windows]) => (days[range] ?? []).map((d) => [d, windows]))
      return [key, compile(tz, Object.fromEntries(spread), { holidays, workdays })]
    }),
  )

  const shippedKeys = new Map(
    Object.entries({ TW: 'tw-office', CN: 'cn-office', UK: 'uk-office', USB: 'us-office', AU: 'au-office' }),
  )
  const shipped = new Map(shippedCalendars.map((definition) => [definition.key, valueOf(compileCalendar(definition))]))

  test.each(data.sla_cases)('$id $why', (row) => check(row, calendars.get(row.calendar)))

  test.each(data.sla_cases.filter((row) => shippedKeys.has(row.calendar)))('$id on the shipped $calendar', (row) =>
    check(row, shipped.get(shippedKeys.get(row.calendar) ?? '')),
  )

  function check(row: Case, calendar: CompiledCalendar | undefined): void {
    if (!calendar) throw new Error(`no calendar ${row.calendar}`)
    if (row.op === 'addMinutes') {
      expect(addMinutes(calendar, Date.parse(row.start), row.minutes).at).toBe(Date.parse(row.expect))
    } else if (row.op === 'addDays') {
      const receivedRule = row.receivedRule === 'as_is' ? 'as_is' : 'next_business_day'
      const { at } = addDays(calendar, Date.parse(row.start), { ...row, receivedRule, to: 'end_of_day' })
      expect(formatDate(localDay(calendar, at))).toBe(row.expectDate)
      expect(localDay(calendar, at + 1)).toBe(localDay(calendar, at) + 1)
    } else {
      expect(openMinutesBetween(calendar, Date.parse(row.from), Date.parse(row.to))).toBe(row.expectMinutes)
    }
  }
})

describe.skipIf(!existsSync(businessHours))('working_hours and biz cases (skipped where ../shared is absent)', () => {
  type Schedule = { tz: string; hours: Hours; holidays: string[]; overrides?: Hours; breaks?: Hours }
  type Case = {
    id: string
    op: 'add' | 'between' | 'is_open' | 'advance_to_open'
    schedule: string
    start: string
    end: string
    at: string
    seconds: number
    expect: string | boolean
    expect_seconds: number
  }
  const data: { schedules: Record<string, Schedule>; cases: Case[] } = existsSync(businessHours)
    ? JSON.parse(readFileSync(businessHours, 'utf8'))
    : { schedules: {}, cases: [] }

  const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
  const calendars = new Map(
    Object.entries(data.schedules).map(([key, { tz, hours, ...rest }]) => {
      const week = Object.fromEntries(Object.entries(hours).map(([day, w]) => [String(names.indexOf(day) + 1), w]))
      return [key, compile(tz, week, rest)]
    }),
  )

  test.each(data.cases)('$id $op on $schedule', (row) => {
    const calendar = calendars.get(row.schedule)
    if (!calendar) throw new Error(`no schedule ${row.schedule}`)
    if (row.op === 'add') {
      expect(addMinutes(calendar, Date.parse(row.start), row.seconds / 60).at).toBe(Date.parse(String(row.expect)))
    } else if (row.op === 'between') {
      const minutes = openMinutesBetween(calendar, Date.parse(row.start), Date.parse(row.end))
      expect(minutes * 60).toBe(row.expect_seconds)
    } else if (row.op === 'is_open') {
      expect(isOpen(calendar, Date.parse(row.at))).toBe(row.expect)
    } else {
      expect(nextOpen(calendar, Date.parse(row.at)).at).toBe(Date.parse(String(row.expect)))
    }
  })
})
