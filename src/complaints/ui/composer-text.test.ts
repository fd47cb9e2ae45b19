import { describe, expect, it } from 'vitest'
import { continued, type Edit, lined, linked, marked, mentionAt, stillNamed } from './composer-text.ts'

/** `|` is the caret, two of them a selection. */
const place = (given: string) => {
  const from = given.indexOf('|')
  const to = given.lastIndexOf('|')
  return { text: given.replaceAll('|', ''), from, to: to === from ? from : to - 1 }
}
const after = (text: string, e: Edit | undefined) => {
  if (!e) return undefined
  const whole = text.slice(0, e.from) + e.text + text.slice(e.to)
  const [a, b] = e.select
  return a === b
    ? `${whole.slice(0, a)}|${whole.slice(a)}`
    : `${whole.slice(0, a)}|${whole.slice(a, b)}|${whole.slice(b)}`
}

describe('keys of the composer', () => {
  it.each([
    ['we |will| pay', '**', 'we **|will|** pay'],
    ['we **|will|** pay', '**', 'we |will| pay'],
    ['|', '**', '**|**'],
    ['我們|一定|退款', '*', '我們*|一定|*退款'],
    ['**|x|**', '*', '***|x|***'],
  ])('mark %j with %s', (given, mark, expected) => {
    const { text, from, to } = place(given)
    expect(after(text, marked(text, from, to, mark))).toBe(expected)
  })

  it.each([
    ['- one|', '- one\n- |'],
    ['1. one|', '1. one\n2. |'],
    ['  9) x|', '  9) x\n  10) |'],
    ['> you said|', '> you said\n> |'],
    ['- one\n- |', '- one\n|'],
    ['plain|', undefined],
    ['3.5 litres|', undefined],
    ['-5 degrees|', undefined],
  ])('Enter after %j', (given, expected) => {
    const { text, from } = place(given)
    expect(after(text, continued(text, from))).toBe(expected)
  })

  it('begin lines with marks and take them away', () => {
    expect(after('a\nb', lined('a\nb', 0, 3, '- '))).toBe('- a\n- b|')
    expect(after('- a\n- b', lined('- a\n- b', 0, 7, '- '))).toBe('a\nb|')
    expect(after('a\nb', lined('a\nb', 0, 3, '1. '))).toBe('1. a\n2. b|')
  })

  it('link what is selected', () => {
    expect(after('see here', linked('see here', 4, 8, 'https://x.test'))).toBe('see [|here|](https://x.test)')
  })

  it.each([
    ['@|', ''],
    ['請 @美|', '美'],
    ['，@lin|', 'lin'],
    ['mail a@b|', undefined],
    ['@mei |', undefined],
  ])('name somebody at %j', (given, query) => {
    const { text, from } = place(given)
    expect(mentionAt(text, from)?.query).toBe(query)
  })

  it('whoever was taken out of the text is named no more', () => {
    const both = [
      { id: '1', name: '美琳' },
      { id: '2', name: 'Tom' },
    ]
    expect(stillNamed('請 @美琳 看', both).map((p) => p.id)).toEqual(['1'])
  })
})
