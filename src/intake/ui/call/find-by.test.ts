import { describe, expect, it } from 'vitest'
import codes from '../../../seeds/codes.json' with { type: 'json' }
import { readingsOf } from '../../../language/index.ts'
import { findBy, suggestedBy } from './find-by.ts'

const types = codes.issue
  .filter((c) => 'parent' in c)
  .map(({ code, labels }) => ({
    value: code,
    label: labels.zhHant,
    code,
    words: Object.values(labels),
    keys: [...readingsOf(labels.zhHant), ...readingsOf(labels.zhHans)],
  }))

describe('a type of complaint is found', () => {
  it.each([
    ['瑕疵', 'R1'],
    ['质量', 'R1'],
    ['product def', 'R1'],
    ['R4', 'R4'],
    ['r4', 'R4'],
    ['spxc', 'R1'],
    ['shangpin', 'R1'],
    ['ㄕㄤㄆㄧㄣ', 'R1'],
    ['ㄕㄤ ㄆㄧㄣˇ', 'R1'],
    ['ㄕㄆㄒㄘ', 'R1'],
    ['3', 'R3'],
  ])('by "%s"', (typed, code) => {
    expect(findBy(types, typed)[0]?.value).toBe(code)
  })

  it('by nothing that does not fit', () => {
    expect(findBy(types, 'zzzz')).toEqual([])
  })
})

describe('a type is suggested by what was said', () => {
  it.each([
    ['買來就有瑕疵，商品根本不能用', 'R1'],
    ['The parcel was late, the delivery never came', 'R4'],
  ])('%s', (said, code) => {
    expect(suggestedBy(types, said).map((x) => x.value)).toContain(code)
  })

  it('only when something is shared', () => {
    expect(suggestedBy(types, '喂？')).toEqual([])
  })
})
