import { describe, expect, it } from 'vitest'
import { zhuyinOf } from './domain/zhuyin.ts'
import { readingsOf } from './readings.ts'

describe('a name typed by its sound', () => {
  it.each([
    ['商品瑕疵', ['shangpinxiaci', 'spxc', 'ㄕㄤㄆㄧㄣㄒㄧㄚㄘ', 'ㄕㄆㄒㄘ']],
    ['退款', ['tuikuan', 'tk', 'ㄊㄨㄟㄎㄨㄢ', 'ㄊㄎ']],
    ['服務態度', ['fuwutaidu', 'fwtd', 'ㄈㄨㄨㄊㄞㄉㄨ', 'ㄈㄨㄊㄉ']],
    ['App 當機', ['dangji', 'dj', 'ㄉㄤㄐㄧ', 'ㄉㄐ']],
    ['Refund', []],
  ])('%s', (text, keys) => {
    expect(readingsOf(text)).toEqual(keys)
  })

  it.each([
    ['zhi', 'ㄓ'],
    ['shi', 'ㄕ'],
    ['ri', 'ㄖ'],
    ['zi', 'ㄗ'],
    ['ju', 'ㄐㄩ'],
    ['quan', 'ㄑㄩㄢ'],
    ['xue', 'ㄒㄩㄝ'],
    ['nv', 'ㄋㄩ'],
    ['lve', 'ㄌㄩㄝ'],
    ['lue', 'ㄌㄩㄝ'],
    ['yuan', 'ㄩㄢ'],
    ['weng', 'ㄨㄥ'],
    ['er', 'ㄦ'],
    ['xiong', 'ㄒㄩㄥ'],
    ['zhuang', 'ㄓㄨㄤ'],
    ['chong', 'ㄔㄨㄥ'],
    ['you', 'ㄧㄡ'],
    ['hm', ''],
    ['', ''],
  ])('%s is %s', (syllable, sound) => {
    expect(zhuyinOf(syllable)).toBe(sound)
  })
})
