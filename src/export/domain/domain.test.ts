import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvCell, formulaSafe } from '../../kit/pure/csv.ts'
import { serialDay, wallTime } from './instant.ts'
import { columnName, xmlText } from './sheet-xml.ts'

it.each([
  ['=1+1', true],
  ['＝HYPERLINK("x")', true],
  ['+886 912', true],
  ['＋1', true],
  ['-2', true],
  ['－2', true],
  ['@SUM(A1)', true],
  ['＠x', true],
  ['\t=1', true],
  ['\r=1', true],
  ['\n=1', true],
  ['  =1', true],
  ['\u200b=1', true],
  ['\u202e=1', true],
  ['\u0007=1', true],
  ['熱水壺 =1', false],
  ['1-2', false],
  ['a@b.test', false],
  ["'=1", false],
  ['', false],
])('%j is made harmless for a spreadsheet: %s', (text, is) => {
  expect(formulaSafe(text)).toBe(is ? `'${text}` : text)
})

it('a cell of CSV never begins with what runs, and holds no bare quote', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      const cell = csvCell(text)
      expect(cell).not.toMatch(/^"[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠]/u)
      expect(cell.slice(1, -1).replaceAll('""', '')).not.toContain('"')
    }),
  )
})

it.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [701, 'ZZ'],
  [702, 'AAA'],
])('column %i is %s', (index, name) => expect(columnName(index)).toBe(name))

it('text in a sheet is what XML can hold, and is read as it was written', () => {
  expect(xmlText('a<b>&"\u0000\u0001\ufffe\ud800 _x0041_')).toBe('a&lt;b&gt;&amp;"\ufffd _x005F_x0041_')
  expect(xmlText('長'.repeat(40_000))).toHaveLength(32_767)
})

it('a time is that of the zone, over its changes', () => {
  const zones = ['Asia/Taipei', 'Europe/London', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe']
  const format = (zone: string) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(...zones), (at, zone) => {
      const whole = Math.floor(at / 1000) * 1000
      expect(wallTime(whole, zone, true)).toBe(format(zone).format(whole))
      expect(wallTime(whole, zone)).toBe(format(zone).format(whole).slice(0, -3))
    }),
  )
  // Noon of 2026-03-03 as Excel counts it.
  expect(serialDay(Date.parse('2026-03-03T04:00:00Z'), 'Asia/Taipei')).toBe(46_084.5)
})
