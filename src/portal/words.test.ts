import { expect, test } from 'vitest'
import en from './locales/en.json' with { type: 'json' }
import zhHans from './locales/zh-Hans.json' with { type: 'json' }
import zhHant from './locales/zh-Hant.json' with { type: 'json' }
import { pickLocale, speaker } from './words.ts'

const books: Record<string, Record<string, string>> = { 'zh-Hant': zhHant, 'zh-Hans': zhHans, en }
const placeholders = (text: string) => [...new Set(text.match(/\{(?!term\})\w+\}/g) ?? [])].sort()

test('the three languages say the same things with the same facts', () => {
  for (const [name, book] of Object.entries(books)) {
    expect(Object.keys(book), name).toEqual(Object.keys(zhHant))
    for (const [key, text] of Object.entries(zhHant)) {
      expect(book[key], `${name} ${key}`).toBeTruthy()
      expect(placeholders(book[key] ?? ''), `${name} ${key}`).toEqual(placeholders(text))
    }
  }
})

test('no letter of one script stands in the other', () => {
  const differing = '們請寫麼發後處專員訴關於開資訊號碼檔選編輯還沒單說話聯絡電時間內'
  expect([...Object.values(zhHans).join('')].filter((c) => differing.includes(c))).toEqual([])
})

test.each([
  ['retail', 'zh-Hant', '提出客訴'],
  ['authority', 'zh-Hant', '提出申訴'],
  ['hongkong', 'zh-Hant', '提出投訴'],
  ['retail', 'zh-Hans', '提出投诉'],
  ['no such set', 'zh-Hant', '提出客訴'],
  ['finance', 'en', 'Make a complaint'],
] as const)('an organisation of the term set %s says in %s: %s', (terms, locale, text) => {
  expect(speaker(locale, terms)('start.title')).toBe(text)
})

test.each([
  [['en', 'zh-Hans'], 'zh-TW', 'en'],
  [['xx', 'zh-Hans'], 'en', 'zh-Hans'],
  [[undefined], 'zh-TW,zh;q=0.9,en;q=0.8', 'zh-Hant'],
  [[undefined], 'zh-CN', 'zh-Hans'],
  [[undefined], 'zh-Hant-HK', 'zh-Hant'],
  [[undefined], 'fr, en;q=0.5, zh-CN;q=0.9', 'zh-Hans'],
  [[undefined], 'en;q=0, fr', 'zh-Hant'],
  [['../../etc/passwd'], '', 'zh-Hant'],
] as const)('chosen %j and Accept-Language %s give %s', (chosen, accept, locale) => {
  expect(pickLocale(chosen, accept, 'zh-Hant')).toBe(locale)
})
