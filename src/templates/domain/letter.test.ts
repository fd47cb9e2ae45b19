import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { letterOf } from './letter.ts'
import { standardTemplate } from './standard.ts'
import { namesOf, templateKinds, unknownNames } from './template.ts'

const locales = ['zh-Hant', 'zh-Hans', 'en']
const value = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    'a\r\nBcc: x@y.example',
    '{{link}}',
    '[press](https://evil.example)',
    '"><b>',
    '\u202Egnp',
  ),
)

describe('a template', () => {
  it.each(['constructor', '__proto__', 'toString', 'number.length', '#each x', '', 'text'])(
    'that names {{%s}} is refused in an acknowledgement: only known names mean something',
    (name) => {
      expect(unknownNames('acknowledgement', { subject: 'x', body: `{{ ${name} }}` })).toEqual([name])
    },
  )

  it('with braces that do not close is refused', () => {
    expect(unknownNames('reply', { subject: '{{number', body: '' })).toEqual(['{{'])
  })

  it('of ours names only what is known, in every language', () => {
    for (const kind of templateKinds)
      for (const locale of locales) expect(unknownNames(kind, standardTemplate(kind, locale))).toEqual([])
  })

  it('leaves a line out where a name in it has nothing to say', () => {
    const { text } = letterOf({ subject: '', body: 'A {{owner}}\nB {{team}}' }, { owner: '', team: '台北' }, 'zh-Hant')
    expect(text).toBe('B 台北\n')
  })

  it.each(locales)('of an acknowledgement in %s that may say nothing of theirs announces nothing either', (locale) => {
    const given = { number: 'R-2026-000001', promised: '2026-03-05', title: '', points: '', name: '' }
    const { subject, text } = letterOf(standardTemplate('acknowledgement', locale), given, locale)
    expect(subject).toMatch(/^\[R-2026-000001\].*[^:：]$/)
    expect(text).not.toMatch(/[:：]$/m)
    expect(text).toContain('2026-03-05')
  })
})

describe('whatever stands in a value', () => {
  it('is words: never a tag, a link, another name, or a second header', () => {
    fc.assert(
      fc.property(fc.constantFrom(...templateKinds), fc.constantFrom(...locales), value, (kind, locale, hostile) => {
        const values = Object.fromEntries(namesOf[kind].filter((n) => n !== 'text').map((n) => [n, hostile]))
        const { subject, html, text } = letterOf(
          standardTemplate(kind, locale),
          { ...values, link: '', text: 'x' },
          locale,
        )
        expect(subject).not.toMatch(/[\r\n\p{Cc}]/u)
        expect(html).not.toMatch(/<(?!\/?(?:html|head|meta|body|div|strong|br|!doctype)\b)/i)
        expect(`${html}${text}`).not.toContain('\u202E')
      }),
    )
  })

  it('keeps the words of a reply as they were written, and its marks in the HTML', () => {
    const given = { text: '您好\n\n**全額** <b>退款</b>', number: 'R-2026-000001', reference: 'AB', title: '壺' }
    const letter = letterOf(standardTemplate('reply', 'zh-Hant'), given, 'zh-Hant')
    expect(letter.subject).toBe('[R-2026-000001] 壺')
    expect(letter.text).toBe('您好\n\n全額 <b>退款</b>\n\n-- \n案件編號: R-2026-000001 (AB)\n')
    expect(letter.html).toContain('<strong>全額</strong> &lt;b&gt;退款&lt;/b&gt;')
  })
})
