import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, lines, Safe } from './html.ts'

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['" onmouseover="x', '&quot; onmouseover=&quot;x'],
  ["' & <", '&#39; &amp; &lt;'],
])('text %j cannot become markup', (text, shown) => {
  expect(html`<p title="${text}">${text}</p>`.markup).toBe(`<p title="${shown}">${shown}</p>`)
})

test('parts of a page nest without being escaped twice, and lists are joined', () => {
  const items = ['a', '<b>'].map((i) => html`<li>${i}</li>`)
  expect(html`<ul>${items}</ul>${false}${undefined}${0}`.markup).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0')
})

test('an object that only looks like markup is escaped', () => {
  const forged = { markup: '<b>', toString: () => '<b>' }
  expect(html`${forged as unknown as string}`.markup).toBe('&lt;b&gt;')
  expect(html`${new Safe('<b>')}`.markup).toBe('<b>')
})

test('whatever a person writes, no tag and no attribute end comes of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'`=/ a字\n\0'), maxLength: 40 }), (text) => {
      expect(html`${text}`.markup).not.toMatch(/[<>"']/)
      expect(lines(text).markup.replaceAll('<br>', '')).not.toMatch(/[<>"']/)
    }),
  )
})
