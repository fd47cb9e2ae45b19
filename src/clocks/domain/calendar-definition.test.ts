import { describe, expect, test } from 'vitest'
import { type CalendarDefinition, checkCalendar } from './calendar-definition.ts'

const shop: CalendarDefinition = {
  key: 'shop',
  version: 1,
  zone: 'Asia/Taipei',
  week: { '1': [['09:00', '18:00']], '6': [['22:00', '06:00+1']] },
  holidays: ['2026-02-17'],
  workdays: ['2026-02-14'],
  holidayYears: [2026],
}

describe('a calendar is accepted or refused with a reason', () => {
  test('split days, overnight and 24:00 are accepted', () => {
    const week: CalendarDefinition['week'] = {
      '1': [
        ['09:00', '12:00'],
        ['12:00', '18:00'],
      ],
      '2': [['00:00', '24:00']],
      '3': [['22:00', '06:00+1']],
    }
    expect(checkCalendar({ ...shop, week }).ok).toBe(true)
  })

  const refused: [string, Partial<CalendarDefinition>, string][] = [
    ['an empty week', { week: {} }, 'clocks.calendar-without-working-time'],
    ['a week of empty days', { week: { '1': [], '2': [] } }, 'clocks.calendar-without-working-time'],
    [
      'hours on single dates only',
      { week: {}, overrides: { '2026-03-03': [['09:00', '18:00']] } },
      'clocks.calendar-without-working-time',
    ],
    ['a zone nobody knows', { zone: 'Asia/Atlantis' }, 'clocks.unknown-zone'],
    ['an offset for a zone', { zone: '+08:00' }, 'clocks.unknown-zone'],
    ['an empty zone', { zone: '' }, 'clocks.unknown-zone'],
    ['a window that ends before it begins', { week: { '1': [['18:00', '09:00']] } }, 'clocks.bad-window'],
    ['a window of no length', { week: { '1': [['09:00', '09:00']] } }, 'clocks.bad-window'],
    ['a window longer than a day', { week: { '1': [['09:00', '10:00+1']] } }, 'clocks.bad-window'],
    ['25 o’clock', { week: { '1': [['09:00', '25:00']] } }, 'clocks.bad-window'],
    ['minute 60', { week: { '1': [['08:60', '18:00']] } }, 'clocks.bad-window'],
    ['opening at 24:00', { week: { '1': [['24:00', '01:00+1']] } }, 'clocks.bad-window'],
    ['a time in words', { breaks: { '2026-03-03': [['noon', '13:00']] } }, 'clocks.bad-window'],
    [
      'windows that overlap',
      {
        week: {
          '1': [
            ['09:00', '13:00'],
            ['12:00', '18:00'],
          ],
        },
      },
      'clocks.windows-overlap',
    ],
    ['30 February', { holidays: ['2026-02-30'] }, 'clocks.bad-date'],
    ['a date in another notation', { workdays: ['2026/02/14'] }, 'clocks.bad-date'],
    ['a holiday that is a workday', { workdays: ['2026-02-17'] }, 'clocks.holiday-and-workday'],
  ]
  test.each(refused)('%s is refused', (_, change, code) => {
    expect(checkCalendar({ ...shop, ...change })).toMatchObject({ ok: false, refusal: { code } })
  })
})
