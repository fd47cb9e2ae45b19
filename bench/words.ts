import { bandKeys } from '../src/language/index.ts'
import { indexLexemes, toTsvectorText } from '../src/search/domain/tokens.ts'
import { quoted } from '../src/search/domain/lexeme.ts'
import { chunks } from '../src/search/domain/chunks.ts'
import type { Chance } from './chance.ts'

export type Locale = 'zh-Hant' | 'zh-Hans' | 'en'

/** A text with what search and likeness know of it, worked out once: the world uses each some hundred times. */
export type Body = {
  /** Unique in a world, from `from` on. */
  readonly no: number
  readonly locale: Locale
  readonly text: string
  readonly title: string
  readonly titleTsv: string
  /** One for each search row. */
  readonly tsvs: readonly string[]
  readonly bands: readonly number[]
}

/** What the search bench asks for, and in which share of all messages it stands. */
export const terms = [
  { word: '琥珀', share: 0.00001 },
  { word: '琉璃', share: 0.001 },
  { word: '瑕疵', share: 0.05 },
  { word: '櫃檯', share: 0.2 },
  { word: 'quokka', share: 0.00001 },
  { word: 'gazebo', share: 0.001 },
  { word: 'warranty', share: 0.05 },
  { word: 'receipt', share: 0.2 },
] as const

const hant =
  '訂單 商品 客服 退款 門市 冷氣 維修 人員 電話 保固 發票 熱水壺 送貨 延誤 損壞 態度 說明 處理 回覆 扣款 信用卡 賠償 更換 安裝 零件 洗衣機 冰箱 電視 漏水 跳電 異音 等待 預約 取消 簡訊 網站 帳號 密碼 優惠 折扣 缺貨 包裝 破損 規格 不符 申訴 要求 經理 道歉 費用'
const hans =
  '订单 商品 坐席 退款 门店 空调 维修 客服 电话 保修 发票 电水壶 送货 延误 损坏 态度 说明 处理 回复 扣款 信用卡 赔偿 更换 安装 配件 洗衣机 冰箱 电视 漏水 跳闸 异响 等待 预约 取消 短信 网站 账号 密码 优惠 折扣 缺货 包装 破损 规格 不符 投诉 要求 经理 道歉 费用'
const english =
  'the and to my was order product service refund store technician call kettle delivery late damaged staff explain reply charged card replace install part washing fridge television leak noise waiting booking cancelled message website account password discount stock package broken wrong manager apology fee again twice still nobody promised returned'
const joiners = '的了我在是有不這你他也就都要會到說去很'

/** Words of a language, the commonest first; the tail is made up of syllables so that Zipf has something to walk along. */
function vocabulary(locale: Locale, size: number, chance: Chance): string[] {
  const words = (locale === 'zh-Hant' ? hant : locale === 'zh-Hans' ? hans : english).split(' ')
  const taken = new Set(terms.flatMap(({ word }) => [...word]))
  while (words.length < size) {
    if (locale === 'en') {
      let word = ''
      for (let i = 2 + chance.below(3); i > 0; i -= 1)
        word += chance.pick([...'bcdfglmnprstv']) + chance.pick([...'aeiou'])
      words.push(word + chance.pick(['', 'n', 'r', 't', 'l']))
      continue
    }
    let word = ''
    while (word.length < 2) {
      // The common characters lie scattered over the plane; a fixed 1,500 of them stand for those.
      const character = String.fromCodePoint(0x4e00 + ((chance.below(1500) * 13) % 20_000))
      if (!taken.has(character)) word += character
    }
    words.push(word)
  }
  return words
}

function zipf(size: number): (chance: Chance) => number {
  const sums = new Float64Array(size)
  let sum = 0
  for (let i = 0; i < size; i += 1) sums[i] = sum += 1 / (i + 2)
  return (chance) => {
    const wanted = chance.next() * sum
    let low = 0
    let high = size - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Length in characters: median 120, 99th percentile 4,000. */
function lengthOf(chance: Chance): number {
  const long = chance.next() < 0.02
  return Math.round(long ? 2000 + chance.next() * 4000 : Math.min(1500, 118 * Math.exp(0.75 * chance.normal())) + 8)
}

function sentence(
  locale: Locale,
  words: readonly string[],
  rank: (chance: Chance) => number,
  length: number,
  chance: Chance,
): string {
  let text = ''
  let since = 0
  while (text.length < length) {
    const word = words[rank(chance)] ?? ''
    if (locale === 'en') text += text === '' ? word : ` ${word}`
    else text += word + (chance.next() < 0.25 ? chance.pick([...joiners]) : '')
    since += 1
    if (since > 6 && chance.next() < 0.3) {
      text += locale === 'en' ? '.' : '，'
      since = 0
    }
  }
  return locale === 'en' ? `${text}.` : `${text}。`
}

/** Some thousand bodies, 60/20/20 % Traditional, Simplified and English. */
export function bodies(count: number, chance: Chance, from = 0): Body[] {
  const rank = zipf(8000)
  const words = {
    'zh-Hant': vocabulary('zh-Hant', 8000, chance),
    'zh-Hans': vocabulary('zh-Hans', 8000, chance),
    en: vocabulary('en', 8000, chance),
  }
  return Array.from({ length: count }, (_, i) => {
    const locale: Locale = i % 5 < 3 ? 'zh-Hant' : i % 5 === 3 ? 'zh-Hans' : 'en'
    const text = sentence(locale, words[locale], rank, lengthOf(chance), chance)
    const title = text.slice(0, locale === 'en' ? 50 : 24)
    return {
      no: from + i,
      locale,
      text,
      title,
      titleTsv: toTsvectorText(title),
      tsvs: chunks(text).map((piece) => toTsvectorText(piece)),
      bands: [...new Set(bandKeys(text))],
    }
  })
}

/** More words behind a body's, as `toTsvectorText` of the whole would have them: same lexemes, positions further on. */
export function placed(lexemes: ReadonlyMap<string, readonly number[]>, from: number): string {
  let out = ''
  for (const [lexeme, positions] of lexemes)
    out += ` ${quoted(lexeme)}${positions.length > 0 ? `:${positions.map((p) => Math.min(p + from, 16_383)).join(',')}` : ''}`
  return out
}

/** Puts the search terms behind a body, where their share says, evenly with an own offset each. */
export function seasoning(): (message: number) => {
  text: string
  tsv: string
  found: readonly number[]
} {
  const ready = terms.map(({ word, share }, i) => ({
    word,
    every: Math.round(1 / share),
    offset: (i * 7919 + 13) % Math.round(1 / share),
    lexemes: indexLexemes(word),
  }))
  return (message) => {
    const found = ready.flatMap(({ every, offset }, i) => (message % every === offset ? [i] : []))
    return {
      found,
      text: found.map((i) => `\n${ready[i]?.word}`).join(''),
      tsv: found.map((i, n) => placed(ready[i]?.lexemes ?? new Map(), 3 + n * 10)).join(''),
    }
  }
}
