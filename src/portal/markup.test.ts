import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ourWords } from './markup.ts'

describe('what staff wrote, on the portal', () => {
  it('has its bold words, lists and links', () => {
    expect(ourWords('We **will** pay.\nSoon.\n\n- [how](https://x.test/?a=1&b=2)').markup).toBe(
      '<p>We <strong>will</strong> pay.<br>Soon.</p><ul><li><a href="https://x.test/?a=1&amp;b=2" rel="noreferrer noopener nofollow">how</a></li></ul>',
    )
  })

  it('never holds an element but these, whatever was written', () => {
    const piece = fc.constantFrom(
      '<script>',
      '**',
      '*',
      '[a](',
      'javascript:x)',
      'https://x"onload=1',
      ')',
      '> ',
      '- ',
      '\n',
      '"',
      "'",
      '&',
      'x',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const tags = [...ourWords(pieces.join('')).markup.matchAll(/<\/?([^\s>]+)([^>]*)>/g)]
        for (const [, name = '', rest = ''] of tags) {
          expect(['p', 'br', 'strong', 'em', 'a', 'ul', 'ol', 'li', 'blockquote']).toContain(name)
          expect(rest).toMatch(/^( href="https?:[^"<>]*" rel="[a-z ]+"| start="\d+")?$/)
        }
      }),
    )
  })
})
