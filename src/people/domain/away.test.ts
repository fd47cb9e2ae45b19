import { describe, expect, it } from 'vitest'
import { type AwayDays, awayUntil, dayIn } from './away.ts'

const days = (from: string, until: string): AwayDays => ({ from, until })

describe('who is away', () => {
  const holiday = days('2026-03-05', '2026-03-08')
  it.each([
    ['the day before is a working day', [holiday], '2026-03-04', null],
    ['the first day counts', [holiday], '2026-03-05', '2026-03-08'],
    ['the last day counts', [holiday], '2026-03-08', '2026-03-08'],
    ['the day after they are back', [holiday], '2026-03-09', null],
    ['what follows at once is one absence', [days('2026-03-09', '2026-03-12'), holiday], '2026-03-06', '2026-03-12'],
    ['a day between makes two', [holiday, days('2026-03-10', '2026-03-12')], '2026-03-06', '2026-03-08'],
    [
      'a short one inside a long one ends nothing',
      [days('2026-03-06', '2026-03-06'), holiday],
      '2026-03-06',
      '2026-03-08',
    ],
    [
      'an earlier one that is over does not matter',
      [days('2026-02-01', '2026-02-03'), holiday],
      '2026-03-05',
      '2026-03-08',
    ],
    ['nobody noted anything', [], '2026-03-05', null],
  ])('%s', (_, all, day, until) => expect(awayUntil(all, day)).toBe(until))

  it('counts days in the zone of the person, not of the server', () => {
    const evening = Date.parse('2026-03-04T17:30:00Z')
    expect(dayIn('Asia/Taipei', evening)).toBe('2026-03-05')
    expect(dayIn('Europe/London', evening)).toBe('2026-03-04')
    expect(dayIn('America/Los_Angeles', Date.parse('2026-03-04T07:30:00Z'))).toBe('2026-03-03')
  })
})
