import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bandKeys, exactSimilarity, signature, similarity } from './similar.ts'

const complaint =
  '我上週在你們網站買的電鍋，收到時外殼已經破了，打電話給客服等了三十分鐘沒有人接，要求全額退款並回覆處理進度。'
const sameAgain =
  '我上周在你们网站买的电锅，收到时外壳已经破了，打电话给客服等了三十分钟没有人接！要求全额退款并回复处理进度'
const edited = `您好，${complaint.replace('三十', '四十')}謝謝`
const another = '餐廳的服務生態度很差，點餐等了一個小時，上菜又送錯，結帳還多收服務費，希望店長出面說明。'

const shareKey = (a: string, b: string) => bandKeys(a).some((key, i) => key === bandKeys(b)[i])

describe('near-same complaints are found', () => {
  test.each([
    ['the same in the other script', complaint, sameAgain, 1],
    ['the same with a greeting and one digit changed', complaint, edited, 0.8],
    ['another matter', complaint, another, 0],
  ])('%s', (_title, a, b, least) => {
    const exact = exactSimilarity(a, b)
    expect(exact).toBeGreaterThanOrEqual(least)
    expect(Math.abs(similarity(signature(a), signature(b)) - exact)).toBeLessThan(0.25)
    expect(shareKey(a, b)).toBe(least > 0)
  })

  test.each(['', '!!!', '😀'])('%j has no signature and is like nothing', (text) => {
    expect(signature(text)).toEqual([])
    expect(bandKeys(text)).toEqual([])
    expect(similarity(signature(text), signature(text))).toBe(0)
  })

  test.each(['退', '退款', 'ok'])('the short %j is the same as itself only', (text) => {
    expect(similarity(signature(text), signature(`${text}！`))).toBe(1)
    expect(shareKey(text, '謝謝')).toBe(false)
  })
})

test('texts that share at least 0.7 of their pairs share a key, those that share a tenth seldom do', () => {
  const letter = fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((point) => String.fromCodePoint(point))
  const pool = fc.sample(fc.array(letter, { minLength: 100, maxLength: 100 }), { numRuns: 200, seed: 7 })
  const found = { near: 0, nearAll: 0, far: 0, farAll: 0 }
  for (const [i, characters] of pool.entries()) {
    const text = characters.join('')
    const tail = (pool[(i + 1) % pool.length] ?? []).join('')
    const near = text + tail.slice(0, 35)
    const far = text.slice(0, 25) + tail.slice(0, 100)
    if (exactSimilarity(text, near) >= 0.7) {
      found.nearAll += 1
      if (shareKey(text, near)) found.near += 1
    }
    if (exactSimilarity(text, far) <= 0.15) {
      found.farAll += 1
      if (shareKey(text, far)) found.far += 1
    }
  }
  expect(found.nearAll).toBeGreaterThan(100)
  expect(found.near / found.nearAll).toBeGreaterThan(0.97)
  expect(found.far / found.farAll).toBeLessThan(0.15)
})

test('numbers fit a signed 32-bit column', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const value of [...signature(text), ...bandKeys(text)]) {
        expect(Number.isInteger(value) && value >= 0 && value < 2 ** 31).toBe(true)
      }
    }),
  )
})
