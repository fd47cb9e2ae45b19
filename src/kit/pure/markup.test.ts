import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Block, harmless, type Inline, parseMarkup, plainBlocks, plainMarkup, safeHref } from './markup.ts'

const text = (t: string): Inline => ({ kind: 'text', text: t })
const para = (...parts: Inline[]): Block => ({ kind: 'paragraph', lines: [parts] })

describe('light markup', () => {
  const cases: [string, string, Block[]][] = [
    ['bold', 'We **will** refund', [para(text('We '), { kind: 'bold', parts: [text('will')] }, text(' refund'))]],
    [
      'bold in Chinese, without spaces',
      '我們**一定**退款',
      [para(text('我們'), { kind: 'bold', parts: [text('一定')] }, text('退款'))],
    ],
    ['italic', 'not *this* one', [para(text('not '), { kind: 'italic', parts: [text('this')] }, text(' one'))]],
    ['no italic in a sum', '3*4*5 = 60', [para(text('3*4*5 = 60'))]],
    ['no bold around nothing', '** ** and ****', [para(text('** ** and ****'))]],
    [
      'a link',
      '[我們的說明](https://example.test/a?b=1)',
      [para({ kind: 'link', href: 'https://example.test/a?b=1', parts: [text('我們的說明')] })],
    ],
    [
      'an address by itself, without its full stop',
      'See https://example.test/x.',
      [
        para(
          text('See '),
          { kind: 'link', href: 'https://example.test/x', parts: [text('https://example.test/x')] },
          text('.'),
        ),
      ],
    ],
    [
      'an address before a Chinese full stop',
      '請看 https://example.test/x。謝謝',
      [
        para(
          text('請看 '),
          { kind: 'link', href: 'https://example.test/x', parts: [text('https://example.test/x')] },
          text('。謝謝'),
        ),
      ],
    ],
    ['a list', '- one\n- two', [{ kind: 'list', ordered: false, start: 1, items: [[text('one')], [text('two')]] }]],
    [
      'a numbered list that begins at 3',
      '3. three\n4. four',
      [{ kind: 'list', ordered: true, start: 3, items: [[text('three')], [text('four')]] }],
    ],
    [
      'a quote',
      '> you said\n> this\nyes',
      [
        { kind: 'quote', blocks: [{ kind: 'paragraph', lines: [[text('you said')], [text('this')]] }] },
        para(text('yes')),
      ],
    ],
    ['HTML as the words it is', '<img src=x onerror=alert(1)>', [para(text('<img src=x onerror=alert(1)>'))]],
    ['no link to a program', '[x](javascript:alert(1))', [para(text('[x](javascript:alert(1))'))]],
  ]
  it.each(cases)('reads %s', (_name, given, blocks) => {
    expect(parseMarkup(given)).toEqual(blocks)
  })

  const wicked = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.test',
    '/desk',
    'https://good.test@evil.test/',
    'https://user:pw@evil.test/',
    'java\tscript:alert(1)',
    'https://a\u202etest/',
    'mailto:a@b.test?bcc=c@d.test',
    'tel:*#06#',
    'https:\\\\evil.test',
    'blob:https://x.test/1',
  ]
  it.each(wicked)('follows no %j', (target) => {
    expect(safeHref(target)).toBeUndefined()
  })
  it.each(['https://example.test/a_(b)', 'http://例子.test/路', 'mailto:a@b.test', 'tel:+886-2-2345-6789'])(
    'follows %s',
    (target) => {
      expect(safeHref(target)).toBe(target)
    },
  )

  const hard = fc
    .array(
      fc.constantFrom(
        '*',
        '**',
        '[',
        ']',
        '(',
        ')',
        '> ',
        '- ',
        '1. ',
        '\n',
        '\n\n',
        ' ',
        'a',
        '訴',
        'https://x.test',
        'javascript:',
        '<b>',
        '\u202e',
        '😀',
        '\\',
      ),
      { maxLength: 60 },
    )
    .map((p) => p.join(''))
  const any = fc.oneof(hard, fc.string({ unit: 'binary' }))
  const links = (parts: readonly Inline[]): string[] =>
    parts.flatMap((p) => (p.kind === 'text' ? [] : [...(p.kind === 'link' ? [p.href] : []), ...links(p.parts)]))
  const linesOf = (blocks: readonly Block[]): (readonly Inline[])[] =>
    blocks.flatMap((b) => (b.kind === 'paragraph' ? b.lines : b.kind === 'list' ? b.items : linesOf(b.blocks)))
  const kinds = (value: unknown): string[] =>
    Array.isArray(value)
      ? value.flatMap(kinds)
      : typeof value === 'object' && value
        ? [...('kind' in value ? [String(value.kind)] : []), ...Object.values(value).flatMap(kinds)]
        : []

  it('never throws, knows only its own nodes, and links only where nobody is misled', () => {
    fc.assert(
      fc.property(any, (given) => {
        const blocks = parseMarkup(given)
        const known = ['paragraph', 'quote', 'list', 'text', 'bold', 'italic', 'link']
        for (const kind of kinds(blocks)) expect(known).toContain(kind)
        for (const href of linesOf(blocks).flatMap(links)) expect(safeHref(href)).toBe(href)
      }),
    )
  })

  it('loses no word: every letter and digit of the text is in what is shown', () => {
    const letters = (t: string) =>
      [...t.matchAll(/[\p{L}\p{N}]/gu)]
        .map((m) => m[0])
        .sort()
        .join('')
    fc.assert(
      fc.property(
        any.filter((t) => !/\]\(/.test(t)),
        (given) => {
          const shown = linesOf(parseMarkup(given)).flat()
          const words = (parts: readonly Inline[]): string =>
            parts.map((p) => (p.kind === 'text' ? p.text : words(p.parts))).join('')
          // The numbers of a list are shown by the list.
          const numbers = /^[ >]*\d{1,4}[.)、][ \u3000\t]/m.test(given)
          if (!numbers) expect(letters(words(shown))).toBe(letters(given))
        },
      ),
    )
  })

  it('is the same when what it shows is read again', () => {
    fc.assert(
      fc.property(hard, (given) => {
        const plain = plainMarkup(parseMarkup(given))
        expect(typeof plain).toBe('string')
      }),
    )
    const given = 'Dear **Lin**,\n\n> you wrote\n\n- one\n- two [here](https://example.test)'
    expect(plainMarkup(parseMarkup(given))).toBe('Dear Lin,\n\n> you wrote\n\n- one\n- two here (https://example.test)')
  })

  it('of a megabyte, or of marks without end, is there at once', () => {
    const started = performance.now()
    for (const nasty of [
      '*'.repeat(100_000),
      '['.repeat(100_000),
      '**a'.repeat(50_000),
      '> '.repeat(50_000),
      '- '.repeat(60_000),
      'https://'.repeat(20_000),
      '訴'.repeat(1_000_000),
      '[a](b'.repeat(30_000),
    ])
      parseMarkup(nasty)
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  it('shows overrides of direction instead of obeying them', () => {
    expect(harmless('林\u202egnp.exe')).toBe('林□gnp.exe')
    expect(harmless('普通')).toBe('普通')
  })

  it('of strangers is only words', () => {
    expect(plainBlocks('**x** https://evil.test\n\nsecond')).toEqual([
      para(text('**x** https://evil.test')),
      para(text('second')),
    ])
  })
})
