import { describe, expect, it } from 'vitest'
import { firstSentences } from './first-sentences.ts'

describe('the point of somebody who wrote one text', () => {
  it.each([
    ['a short text as a whole', '電鍋冒煙。想退貨。', '電鍋冒煙。想退貨。'],
    ['lines as one', 'It smokes.\nI want my money back.', 'It smokes. I want my money back.'],
  ])('is %s', (_, text, point) => expect(firstSentences(text)).toBe(point))

  it('ends at a sentence, never with an ellipsis of ours', () => {
    const sentence = '三月二日在信義店買的電鍋，第一次煮飯就冒煙，店員卻說是我操作不當，不肯換也不肯退。'
    const point = firstSentences(sentence.repeat(20))
    expect(point).toBe(sentence.repeat(Math.floor(300 / sentence.length)))
    expect(point.length).toBeLessThanOrEqual(300)
  })

  it('does not take the point of a number for an end', () => {
    const text = `I paid 12.50 for it ${'and nobody answered me '.repeat(20)}. Then I gave up.`
    const point = firstSentences(text)
    expect(point.endsWith('12')).toBe(false)
    expect(point.length).toBeGreaterThan(200)
  })

  it('cuts one endless sentence where it pauses', () => {
    const point = firstSentences('我等了很久，'.repeat(100))
    expect(point.endsWith('久')).toBe(true)
    expect(point.length).toBeLessThanOrEqual(300)
  })

  it('cuts what never pauses', () => expect(firstSentences('x'.repeat(1000))).toHaveLength(300))
})
