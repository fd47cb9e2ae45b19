import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectScript, fold, foldMapped } from './fold.ts'

const sides = [
  ['退款', '退款'],
  ['投訴', '投诉'],
  ['客訴人員回覆', '客诉人员回复'],
  ['計畫', '计划'],
  ['帳戶', '账户'],
  ['憑藉', '凭借'],
  ['什麼', '什么'],
  ['臺灣', '台湾'],
  ['裏面・裡面', '里面・里面'],
  ['衞生說明', '衛生説明'],
  ['著作看着', '着作看著'],
  ['瞭解', '了解'],
  ['項鍊', '项链'],
  ['乾淨・幹部・干涉', '干净・干部・干涉'],
  ['ＡＢＣ－１２３', 'abc-123'],
  ['ｶﾞｽ', 'ガス'],
  ['零\u200b寬\ufeff', '零宽'],
  ['葛\u{e0101}', '葛'],
  ['“It’s”', '"it\'s"'],
  ['ΟΔΟΣ', 'οδος'],
] as const

describe('one form for searching', () => {
  test.each(sides)('%s is found as %s', (left, right) => {
    expect(fold(left)).toBe(fold(right))
  })

  const chinese = fc.string({
    unit: fc.constantFrom(...'臺台灣湾退款訴诉覆复户戶裡里裏着著么麼ＡaΣσ́ ﾞｶ각\u200bﷺ'),
    maxLength: 40,
  })
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), chinese)

  test('folding twice changes nothing', () => {
    fc.assert(fc.property(anyText, (text) => fold(fold(text)) === fold(text)))
  })

  test('every character of the basic plane folds to its own fold', () => {
    const unstable: string[] = []
    for (let point = 0; point < 0x10000; point += 1) {
      const folded = fold(String.fromCharCode(point))
      if (fold(folded) !== folded) unstable.push(point.toString(16))
    }
    expect(unstable).toEqual([])
  })

  test('folding with a way back gives the same text and ranges inside the original', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { folded, starts, ends } = foldMapped(text)
        expect(folded).toBe(fold(text))
        for (let i = 0; i < folded.length; i += 1) {
          expect(starts[i]).toBeLessThan(ends[i] ?? 0)
          expect(ends[i]).toBeLessThanOrEqual(text.length)
        }
      }),
    )
  })

  test('the way back does not depend on what follows, however quickly it was found', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const alone = foldMapped(text)
        // What is ignored belongs to the character before it, and is followed by a mapping piece by piece.
        const followed = foldMapped(`${text}x\u200b`)
        expect(followed.folded.slice(0, -1)).toBe(alone.folded)
        expect(followed.starts.slice(0, -1)).toEqual(alone.starts)
        expect(followed.ends.slice(0, -1)).toEqual(alone.ends)
      }),
    )
  })

  test('the fold of a Chinese substring is a substring of the fold', () => {
    const han = fc.string({ unit: fc.constantFrom(...'臺台灣湾退款訴诉覆复户戶裡里裏着著么麼軟體程式'), maxLength: 20 })
    fc.assert(fc.property(han, han, han, (a, b, c) => fold(a + b + c).includes(fold(b))))
  })
})

test.each([
  ['您好，我要投訴你們的服務', 'zh-Hant'],
  ['您好，我要投诉你们的服务', 'zh-Hans'],
  ['iPhone 15 Pro Max 壞了', 'zh-Hant'],
  ['I want my money back.', 'en'],
  ['返金してください', 'other'],
  ['Где мой заказ?', 'other'],
  ['12345 !!', 'other'],
  ['', 'other'],
] as const)('%j is %s', (text, script) => {
  expect(detectScript(text)).toBe(script)
})
