import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunks } from './chunks.ts'
import { highlights, snippet } from './snippet.ts'
import { matches } from './matching.ts'

const shown = (text: string, query: string, width?: number) =>
  snippet(text, query, width === undefined ? {} : { width })
    .parts.map(({ text: part, hit }) => (hit ? `[${part}]` : part))
    .join('')

test.each([
  ['關於您的退款單ＡＢＣ', '退款单 abc', '關於您的[退款單ＡＢＣ]'],
  ['㍿退款', '退款', '㍿[退款]'],
  ['退\u200b款', '退款', '[退\u200b款]'],
  ['Refunds were refunded', 'refund', '[Refunds] were [refunded]'],
  ['案號R-2026-000123', 'R-2026-123', '案號[R-2026-000123]'],
  ['案號R-2026-000123', '123', '案號[R-2026-000123]'],
  ['電話 0912-345-678', '+886912345678', '電話 [0912-345-678]'],
  ['信箱 A.B@x.com', 'a.b@x.com', '信箱 [A.B@x.com]'],
  ['<b>退款</b>', '退款', '<b>[退款]</b>'],
  ['無關', '退款', '無關'],
])('%j searched by %j shows %j', (text, query, marked) => {
  expect(shown(text, query)).toBe(marked)
})

test('a long text is shown around its hits', () => {
  const found = snippet(`${'前'.repeat(500)}退款${'後'.repeat(500)}`, '退款', { width: 40 })
  expect(found.cutBefore && found.cutAfter).toBe(true)
  expect(found.parts.map(({ text }) => text).join('')).toBe(`${'前'.repeat(10)}退款${'後'.repeat(28)}`)
})

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'退款單ａb1-@.㍿ﷺ😀 ́\u200b'), maxLength: 200 }),
)

test('a snippet is a stretch of the original, whatever the text and query', () => {
  fc.assert(
    fc.property(texts, texts, fc.integer({ min: 1, max: 50 }), (text, query, width) => {
      const found = snippet(text, query, { width })
      const joined = found.parts.map((part) => part.text).join('')
      expect(text).toContain(joined)
      expect(joined.length).toBeLessThanOrEqual(width)
    }),
  )
})

test('what is found is highlighted', () => {
  fc.assert(fc.property(texts, texts, (text, query) => !matches(text, query) || highlights(text, query).length > 0))
})

test.each([1, 7, 100, 8000])('pieces of %i hold the whole text and no half characters', (size) => {
  fc.assert(
    fc.property(fc.array(texts), (parts) => {
      const text = parts.join(' ').toWellFormed()
      const found = chunks(text, size)
      for (const chunk of found) {
        expect(chunk.length).toBeLessThanOrEqual(Math.max(size, 2))
        expect(text).toContain(chunk)
      }
      expect(found.map((chunk) => [...chunk].length).reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(
        [...text].length,
      )
    }),
  )
})

test('a phrase is whole in one piece wherever it stands', () => {
  const filler = '退款單據 refund '
  for (let at = 7700; at < 8300; at += 7) {
    const text = `${filler.repeat(1000).slice(0, at)}消費者保護官${filler.repeat(1000)}`
    expect(chunks(text).some((chunk) => matches(chunk, '消費者保護官'))).toBe(true)
  }
})
