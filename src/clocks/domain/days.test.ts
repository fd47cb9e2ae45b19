import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueOf } from '../../kit/pure/result.ts'
import { shippedCalendars } from '../calendars/index.ts'
import type { CompiledCalendar } from './compile.ts'
import { compileCalendar } from './compile.ts'
import { type DayRule, addDays, isBusinessDay, localDay } from './days.ts'

const calendars = new Map(shippedCalendars.map((definition) => [definition.key, valueOf(compileCalendar(definition))]))

function shipped(key: string): CompiledCalendar {
  const calendar = calendars.get(key)
  if (!calendar) throw new Error(`no calendar ${key}`)
  return calendar
}

const plain: DayRule = {
  n: 1,
  unit: 'calendar_day',
  countRule: 'exclude',
  receivedRule: 'as_is',
  roll: 'none',
  to: 'end_of_day',
}

describe('a period counted in days', () => {
  const rows: [string, string, string, Partial<DayRule>, string][] = [
    [
      'ends with the last millisecond of its day',
      'tw-office',
      '2026-03-03T10:00+08:00',
      { n: 15 },
      '2026-03-18T23:59:59.999+08:00',
    ],
    [
      'or with the close of that day',
      'tw-office',
      '2026-03-03T10:00+08:00',
      { n: 15, to: 'close' },
      '2026-03-18T18:00+08:00',
    ],
    [
      'at the end of the day where nothing closes',
      'tw-office',
      '2026-03-03T10:00+08:00',
      { n: 4, to: 'close' },
      '2026-03-07T23:59:59.999+08:00',
    ],
    [
      'ends on the receipt day when it is day 1 of 1',
      'tw-office',
      '2026-03-03T10:00+08:00',
      { countRule: 'include' },
      '2026-03-03T23:59:59.999+08:00',
    ],
    [
      'counts a make-up Saturday as a working day',
      'cn-office',
      '2026-02-13T10:00+08:00',
      { unit: 'business_day', to: 'close' },
      '2026-02-14T18:00+08:00',
    ],
    [
      'skips the Spring Festival',
      'cn-office',
      '2026-02-14T10:00+08:00',
      { unit: 'business_day', to: 'close' },
      '2026-02-24T18:00+08:00',
    ],
    [
      'started on a closed day begins with the next working one',
      'tw-office',
      '2026-03-07T10:00+08:00',
      { unit: 'business_day', countRule: 'include' },
      '2026-03-09T23:59:59.999+08:00',
    ],
    [
      'after the last close may count as received next day',
      'uk-office',
      '2026-04-02T17:00+01:00',
      { unit: 'business_day', receivedRule: 'next_business_day' },
      '2026-04-08T23:59:59.999+01:00',
    ],
    ['eight weeks', 'uk-office', '2026-03-02T10:00Z', { n: 8, unit: 'week' }, '2026-04-27T23:59:59.999+01:00'],
    [
      'a month from the 31st ends with the shorter month',
      'tw-office',
      '2026-01-31T10:00+08:00',
      { unit: 'month' },
      '2026-02-28T23:59:59.999+08:00',
    ],
    [
      'a month over New Year',
      'tw-office',
      '2025-12-15T10:00+08:00',
      { unit: 'month' },
      '2026-01-15T23:59:59.999+08:00',
    ],
    ['the day is the local one', 'tw-office', '2026-03-02T16:30Z', { n: 0 }, '2026-03-03T23:59:59.999+08:00'],
    ['a day of 23 hours still ends at midnight', 'uk-office', '2026-03-28T10:00Z', {}, '2026-03-29T23:59:59.999+01:00'],
    [
      'rolling back never passes the receipt',
      'tw-office',
      '2026-03-07T10:00+08:00',
      { roll: 'prev' },
      '2026-03-08T23:59:59.999+08:00',
    ],
  ]
  test.each(rows)('%s', (_, key, start, rule, due) => {
    expect(addDays(shipped(key), Date.parse(start), { ...plain, ...rule }).at).toBe(Date.parse(due))
  })

  test.each<[string, string, Partial<DayRule>, boolean]>([
    ['inside known years', '2025-12-30T10:00+08:00', { n: 15 }, false],
    ['into a year without holiday data', '2026-12-28T10:00+08:00', { n: 5 }, true],
    ['rolled into it', '2026-12-31T10:00+08:00', { n: 0, roll: 'next' }, false],
    ['to the last day that is known', '2026-12-16T10:00+08:00', { n: 15 }, false],
  ])('is provisional %s', (_, start, rule, provisional) => {
    expect(addDays(shipped('tw-office'), Date.parse(start), { ...plain, ...rule }).provisional).toBe(provisional)
  })

  test.each([-1, 1.5, Number.NaN, 10_000])('of %s days is a defect of the target', (n) => {
    expect(() => addDays(shipped('tw-office'), 0, { ...plain, n })).toThrow(RangeError)
  })

  const instant = fc.integer({ min: Date.parse('2020-01-01T00:00Z'), max: Date.parse('2027-06-01T00:00Z') })
  const key = fc.constantFrom(...calendars.keys())

  test('of n business days holds exactly n working days, and ends on one', () => {
    fc.assert(
      fc.property(key, instant, fc.integer({ min: 1, max: 60 }), (k, start, n) => {
        const calendar = shipped(k)
        const last = localDay(calendar, addDays(calendar, start, { ...plain, n, unit: 'business_day' }).at)
        let counted = 0
        for (let day = localDay(calendar, start) + 1; day <= last; day++) if (isBusinessDay(calendar, day)) counted++
        expect(counted).toBe(n)
        expect(isBusinessDay(calendar, last)).toBe(true)
      }),
    )
  })

  test('counting the receipt day is never later, and rolling back never later than rolling forward', () => {
    fc.assert(
      fc.property(key, instant, fc.integer({ min: 1, max: 90 }), (k, start, n) => {
        const due = (rule: Partial<DayRule>) => addDays(shipped(k), start, { ...plain, n, ...rule }).at
        expect(due({ countRule: 'include' })).toBeLessThanOrEqual(due({}))
        expect(due({ roll: 'prev' })).toBeLessThanOrEqual(due({}))
        expect(due({})).toBeLessThanOrEqual(due({ roll: 'next' }))
      }),
    )
  })
})
