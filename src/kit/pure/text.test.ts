import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText, displayName, truncateGraphemes } from './text.ts'

test.each([
  ['a\0b', 'ab', ['nul']],
  ['a\r\nb\rc\u2028d', 'a\nb\nc\nd', []],
  ['a\u0007\tb\u007f', 'a\tb', ['control']],
  ['a\ud800b', 'a\ufffdb', ['lone-surrogate']],
  ['pay \u202e001', 'pay \u202e001', ['bidi']],
  ['退款👩‍👩‍👧', '退款👩‍👩‍👧', []],
  [42, '42', []],
  [null, '', []],
  [{ a: 1 }, '', ['not-text']],
])('%j is cleaned to %j', (input, text, flags) => {
  expect(cleanText(input)).toEqual({ text, flags })
})

test('any cleaned text is acceptable to PostgreSQL, and cleaning twice changes nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
        fc.anything(),
      ),
      (input) => {
        const { text } = cleanText(input)
        expect(text.isWellFormed()).toBe(true)
        expect(text).not.toContain('\0')
        expect(cleanText(text).text).toBe(text)
      },
    ),
  )
})

test.each([
  ['  Mei-Lin\n Chen ', 'Mei-Lin Chen'],
  ['evil\u202egnp.exe', 'evilgnp.exe'],
  ['\u200b\ufeff', ''],
  ['محمد', '\u2068محمد\u2069'],
])('the name %j is shown as %j', (name, shown) => {
  expect(displayName(name)).toBe(shown)
})

test.each([
  ['退款退款', 4, '退款退款'],
  ['退款退款單', 4, '退款退…'],
  ['👩‍👩‍👧👩‍👩‍👧', 2, '👩‍👩‍👧👩‍👩‍👧'],
  ['👩‍👩‍👧👩‍👩‍👧x', 2, '👩‍👩‍👧…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ['abc', 0, ''],
])('%j cut to %i graphemes is %j', (text, max, cut) => {
  expect(truncateGraphemes(text, max)).toBe(cut)
})

test('cutting a long or hostile text is quick and never longer than asked', () => {
  const bomb = `a${'\u0301'.repeat(1_000_000)}`
  expect(truncateGraphemes(bomb, 10).length).toBeLessThan(400)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, max) => {
      const cut = truncateGraphemes(text, max)
      expect([...new Intl.Segmenter().segment(cut)].length).toBeLessThanOrEqual(Math.max(max, 0))
    }),
  )
})
