import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { valueOf } from '../../kit/pure/result.ts'
import { shippedCalendars } from '../calendars/index.ts'
import { addMinutes, isOpen, nextOpen, openMinutesBetween } from './arithmetic.ts'
import type { CalendarDefinition } from './calendar-definition.ts'
import { type CompiledCalendar, compileCalendar } from './compile.ts'

const daily = (...windows: [string, string][]): CalendarDefinition['week'] =>
  Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, windows]))

function calendar(zone: string, week: CalendarDefinition['week'], rest: Partial<CalendarDefinition> = {}) {
  const plain = { key: 'test', version: 1, holidays: [], workdays: [], holidayYears: [2026] }
  return valueOf(compileCalendar({ ...plain, zone, week, ...rest }))
}

const at = (text: string) => Date.parse(text)

describe('wall clock hours when the clocks change', () => {
  // Paris 2026: 29 March 02:00 → 03:00, 25 October 03:00 → 02:00.
  const open: [string, [string, string][], string, string, number][] = [
    [
      'an opening in the gap moves forward',
      [['02:30', '05:00']],
      '2026-03-29T00:00+01:00',
      '2026-03-29T03:30+02:00',
      90,
    ],
    [
      'a window inside the gap moves whole',
      [['02:15', '02:45']],
      '2026-03-29T00:00+01:00',
      '2026-03-29T03:15+02:00',
      30,
    ],
    ['a close in the gap moves forward', [['01:00', '02:30']], '2026-03-29T00:00+01:00', '2026-03-29T01:00+01:00', 90],
    [
      'an hour the gap swallows is no time',
      [['02:30', '03:15']],
      '2026-03-29T00:00+01:00',
      '2026-03-30T02:30+02:00',
      0,
    ],
    [
      'an opening shown twice is the first',
      [['02:30', '05:00']],
      '2026-10-25T00:00+02:00',
      '2026-10-25T02:30+02:00',
      210,
    ],
    ['a close shown twice is the first', [['01:00', '02:30']], '2026-10-25T00:00+02:00', '2026-10-25T01:00+02:00', 90],
    ['a whole day has 23 hours', [['00:00', '24:00']], '2026-03-29T00:00+01:00', '2026-03-29T00:00+01:00', 23 * 60],
    ['a whole day has 25 hours', [['00:00', '24:00']], '2026-10-25T00:00+02:00', '2026-10-25T00:00+02:00', 25 * 60],
  ]
  test.each(open)('%s', (_, windows, midnight, opening, minutes) => {
    const paris = calendar('Europe/Paris', daily(...windows))
    const nextMidnight = midnight.includes('03-29') ? at('2026-03-30T00:00+02:00') : at('2026-10-26T00:00+01:00')
    expect(nextOpen(paris, at(midnight)).at).toBe(at(opening))
    expect(openMinutesBetween(paris, at(midnight), nextMidnight)).toBe(minutes)
  })

  test('two windows the gap pushes into each other count once', () => {
    const paris = calendar('Europe/Paris', daily(['01:00', '02:30'], ['03:00', '05:00']))
    expect(openMinutesBetween(paris, at('2026-03-29T00:00+01:00'), at('2026-03-30T00:00+02:00'))).toBe(180)
  })

  test('a date the zone skipped is passed over', () => {
    const apia = calendar('Pacific/Apia', daily(['09:00', '17:00']), { holidayYears: [2011] })
    expect(addMinutes(apia, at('2011-12-29T17:00-10:00'), 60).at).toBe(at('2011-12-31T10:00+14:00'))
  })

  test('midnight itself may not exist', () => {
    const cairo = calendar('Africa/Cairo', daily(['00:00', '24:00']))
    expect(openMinutesBetween(cairo, at('2026-04-23T00:00+02:00'), at('2026-04-25T00:00+03:00'))).toBe(47 * 60)
  })
})

describe('windows belong to the date they open on', () => {
  const night = calendar('Asia/Taipei', daily(['22:00', '06:00+1']), { holidays: ['2026-12-31'] })

  test('the night before a holiday runs to its end, the holiday’s own night does not open', () => {
    expect(isOpen(night, at('2026-12-31T05:59+08:00'))).toBe(true)
    expect(isOpen(night, at('2026-12-31T23:00+08:00'))).toBe(false)
    expect(isOpen(night, at('2027-01-01T05:00+08:00'))).toBe(false)
  })

  test('a night over New Year is one night', () => {
    const open = calendar('Asia/Taipei', daily(['22:00', '06:00+1']))
    expect(addMinutes(open, at('2026-12-31T22:00+08:00'), 480).at).toBe(at('2027-01-01T06:00+08:00'))
    expect(openMinutesBetween(open, at('2026-12-31T12:00+08:00'), at('2027-01-01T12:00+08:00'))).toBe(480)
  })

  test('a night and the next day’s early hours count once, over New Year too', () => {
    const both = calendar('Asia/Taipei', daily(['05:00', '08:00'], ['22:00', '06:00+1']))
    expect(openMinutesBetween(both, at('2026-12-31T22:00+08:00'), at('2027-01-01T08:00+08:00'))).toBe(600)
  })
})

describe('a make-up workday', () => {
  test('keeps its own hours, else those of the first working weekday, else those set for it', () => {
    const week: CalendarDefinition['week'] = { '1': [['09:00', '12:00']], '6': [['10:00', '11:00']] }
    const days = { workdays: ['2026-03-07', '2026-03-08'] }
    const plain = calendar('Asia/Taipei', week, days)
    const special = calendar('Asia/Taipei', week, { ...days, workdayWindows: [['13:00', '14:00']] })
    expect(nextOpen(plain, at('2026-03-07T00:00+08:00')).at).toBe(at('2026-03-07T10:00+08:00'))
    expect(nextOpen(plain, at('2026-03-08T00:00+08:00')).at).toBe(at('2026-03-08T09:00+08:00'))
    expect(nextOpen(special, at('2026-03-08T00:00+08:00')).at).toBe(at('2026-03-08T13:00+08:00'))
  })
})

describe('a date is provisional', () => {
  const office = calendar('Asia/Taipei', daily(['09:00', '18:00']))

  test.each<[string, string, number, boolean]>([
    ['inside the known year', '2026-12-30T10:00+08:00', 60, false],
    ['up to its last close', '2026-12-31T17:00+08:00', 60, false],
    ['once it reaches the unknown year', '2026-12-31T17:00+08:00', 61, true],
    ['from an unknown year', '2025-12-31T17:59+08:00', 1, true],
    ['started at the first instant of the known year', '2026-01-01T00:00+08:00', 1, false],
  ])('%s', (_, start, minutes, provisional) => {
    expect(addMinutes(office, at(start), minutes).provisional).toBe(provisional)
  })

  test('never where no holidays are kept', () => {
    const always = calendar('UTC', daily(['00:00', '24:00']), { holidayYears: [], noHolidays: true })
    expect(addMinutes(always, at('2199-12-31T23:00Z'), 120)).toEqual({
      at: at('2200-01-01T01:00Z'),
      provisional: false,
    })
  })
})

describe('what no target may ask', () => {
  const office = calendar('Asia/Taipei', daily(['09:00', '18:00']))
  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('%s minutes', (minutes) => {
    expect(() => addMinutes(office, at('2026-03-03T10:00+08:00'), minutes)).toThrow(RangeError)
  })
  test('an instant that is none', () => {
    expect(() => isOpen(office, Number.NaN)).toThrow(RangeError)
  })
})

describe('for any instant and any calendar', () => {
  const calendars: CompiledCalendar[] = [
    ...shippedCalendars.map((definition) => valueOf(compileCalendar(definition))),
    calendar('America/New_York', daily(['22:00', '06:00+1'])),
    calendar('Europe/Paris', daily(['01:00', '02:30'], ['02:45', '05:00'])),
    calendar('Africa/Casablanca', daily(['00:00', '24:00'])),
  ]
  const anyCalendar = fc.constantFrom(...calendars)
  const instant = fc.integer({ min: at('2019-12-30T00:00Z'), max: at('2028-01-05T00:00Z') })
  const minutes = fc.integer({ min: 0, max: 30_000 })

  test('as many open minutes lie between start and due as were added', () => {
    fc.assert(
      fc.property(anyCalendar, instant, minutes, (c, start, n) => {
        const due = addMinutes(c, start, n).at
        expect(openMinutesBetween(c, start, due)).toBe(n)
      }),
    )
  })

  test('adding the open minutes between two instants comes back to the second, or to the close before it', () => {
    fc.assert(
      fc.property(anyCalendar, instant, instant, (c, a, b) => {
        fc.pre(a < b)
        const open = openMinutesBetween(c, a, b)
        fc.pre(open > 0)
        const back = addMinutes(c, a, open).at
        expect(back).toBeLessThanOrEqual(b)
        expect(openMinutesBetween(c, back, b)).toBe(0)
      }),
    )
  })

  test('a due instant is open or on a close', () => {
    fc.assert(
      fc.property(anyCalendar, instant, minutes, (c, start, n) => {
        const due = addMinutes(c, start, n).at
        expect(isOpen(c, due) || isOpen(c, due - 1)).toBe(true)
      }),
    )
  })

  test('later starts and longer targets are never due earlier', () => {
    fc.assert(
      fc.property(anyCalendar, instant, instant, minutes, minutes, (c, a, b, n, m) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)]
        const [short, long] = [Math.max(1, Math.min(n, m)), Math.max(1, n, m)]
        expect(addMinutes(c, early, short).at).toBeLessThanOrEqual(addMinutes(c, late, long).at)
      }),
    )
  })

  test('adding in two steps is adding in one', () => {
    fc.assert(
      fc.property(anyCalendar, instant, minutes, fc.integer({ min: 1, max: 5_000 }), (c, start, n, m) => {
        expect(addMinutes(c, addMinutes(c, start, n).at, m).at).toBe(addMinutes(c, start, n + m).at)
      }),
    )
  })
})
