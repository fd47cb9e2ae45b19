import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWhen } from './when.ts'

// Sunday 2026-11-22, 17:08 in Taipei.
const now = Date.parse('2026-11-22T09:08:00Z')
const taipei = { now, zone: 'Asia/Taipei' }
const local = (text: string, where = taipei) => {
  const found = parseWhen(text, where)
  if (!found) return null
  const wall = new Date(found.at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
  return `${wall}${found.dateOnly ? ' date' : ''}${found.unsure ? ' ?' : ''}`
}

describe('a date typed on the telephone', () => {
  it.each([
    ['明天 15:30', '2026-11-23 15:30'],
    ['明天下午三點半', '2026-11-23 15:30'],
    ['明早九點', '2026-11-23 09:00'],
    ['明晚8点', '2026-11-23 20:00'],
    ['後天', '2026-11-24 18:00 date'],
    ['后天 上午10:15', '2026-11-24 10:15'],
    ['大後天', '2026-11-25 18:00 date'],
    ['今天 18:00', '2026-11-22 18:00'],
    ['今晚八點', '2026-11-22 20:00'],
    ['週五', '2026-11-27 18:00 date'],
    ['周五下午3点', '2026-11-27 15:00'],
    ['星期五 15:00', '2026-11-27 15:00'],
    ['禮拜一', '2026-11-23 18:00 date'],
    ['下週五', '2026-11-27 18:00 date'],
    ['下周一 9:00', '2026-11-23 09:00'],
    ['三天後', '2026-11-25 18:00 date'],
    ['两天后 10:00', '2026-11-24 10:00'],
    ['半小時後', '2026-11-22 17:38'],
    ['30分鐘後', '2026-11-22 17:38'],
    ['2小时后', '2026-11-22 19:08'],
    ['一週後', '2026-11-29 18:00 date'],
    ['115/12/3', '2026-12-03 18:00 date'],
    ['116-01-02', '2027-01-02 18:00 date'],
    ['民國115年12月3日 下午2點', '2026-12-03 14:00'],
    ['民国115年12月3日', '2026-12-03 18:00 date'],
    ['2026/12/3 15:30', '2026-12-03 15:30'],
    ['2026-12-03T15:30', null],
    ['2026年12月3日', '2026-12-03 18:00 date'],
    ['12月3日', '2026-12-03 18:00 date'],
    ['12月3號 10點', '2026-12-03 10:00'],
    ['1/5', '2027-01-05 18:00 date ?'],
    ['12/3 3pm', '2026-12-03 15:00 ?'],
    ['25/12', '2026-12-25 18:00 date'],
    ['12/25', '2026-12-25 18:00 date'],
    ['15:30', '2026-11-23 15:30'],
    ['18:30', '2026-11-22 18:30'],
    ['１８：３０', '2026-11-22 18:30'],
    ['3點', '2026-11-23 15:00 ?'],
    ['上午9點', '2026-11-23 09:00'],
    ['tomorrow 3pm', '2026-11-23 15:00'],
    ['tomorrow at 3:15 pm', '2026-11-23 15:15'],
    ['in 2 days', '2026-11-24 18:00 date'],
    ['in an hour', '2026-11-22 18:08'],
    ['in 30 min', '2026-11-22 17:38'],
    ['2h', '2026-11-22 19:08'],
    ['2d', '2026-11-24 18:00 date'],
    ['Friday', '2026-11-27 18:00 date'],
    ['fri 9am', '2026-11-27 09:00'],
    ['next friday noon', '2026-11-27 12:00 ?'],
    ['3 Dec', '2026-12-03 18:00 date'],
    ['Dec 3rd, 2026 10:00', '2026-12-03 10:00'],
    ['by Friday 17:00', '2026-11-27 17:00'],
    ['noon', '2026-11-23 12:00'],
    ['12am', '2026-11-23 00:00'],
    ['day after tomorrow', '2026-11-24 18:00 date'],
  ])('%s', (text, expected) => {
    expect(local(text)).toBe(expected)
  })

  it.each([
    '',
    ' ',
    'soon',
    '盡快',
    '25:00',
    '13pm',
    '2026-02-30',
    '明天 後天',
    '15:30 16:30',
    '週五 abc',
    '0/0',
    '民國',
  ])('is not guessed from "%s"', (text) => {
    expect(parseWhen(text, taipei)).toBeNull()
  })

  it('is that of the reader’s zone, over a change of clocks too', () => {
    const london = { now: Date.parse('2026-03-28T12:00:00Z'), zone: 'Europe/London' }
    expect(new Date(parseWhen('tomorrow 9am', london)?.at ?? 0).toISOString()).toBe('2026-03-29T08:00:00.000Z')
  })

  it('never throws, and what it gives is an instant', () => {
    const pieces = fc.constantFrom(
      '明天',
      '週五',
      '15:30',
      '12/3',
      '下午',
      '三點',
      'in 2 days',
      '115/',
      '/',
      ':',
      ' ',
      '9',
      'pm',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 5 }), (some) => {
        const found = parseWhen(some.join(''), taipei)
        expect(found === null || Number.isFinite(found.at)).toBe(true)
      }),
    )
  })
})
