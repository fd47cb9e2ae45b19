import type { Labels, Locale } from '../kit/contract/shapes.ts'
import en from './locales/en.json' with { type: 'json' }
import zhHans from './locales/zh-Hans.json' with { type: 'json' }
import zhHant from './locales/zh-Hant.json' with { type: 'json' }

export type Word = keyof typeof zhHant
type Facts = Readonly<Record<string, string | number>>
/** Says a thing in the reader's language and the organisation's terms; plain text, escaped where it is shown. */
export type Say = (word: Word, facts?: Facts) => string

const books: Readonly<Record<Locale, Readonly<Record<Word, string>>>> = { 'zh-Hant': zhHant, 'zh-Hans': zhHans, en }
export const locales: readonly Locale[] = ['zh-Hant', 'zh-Hans', 'en']

/** `termSet`: retail (客訴), authority, finance (申訴), hongkong, mainland (投訴); an unknown one reads as retail. */
export function speaker(locale: Locale, termSet: string): Say {
  const book = books[locale]
  const key = `term.${termSet}`
  const term = book[key in book ? (key as Word) : 'term.retail']
  return (word, facts = {}) =>
    book[word].replace(/\{(\w+)\}/g, (_, name: string) => (name === 'term' ? term : String(facts[name] ?? '')))
}

/** Whether there is such a word: for codes that come from data. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(zhHant, key)
}

export function labelIn(labels: Labels, locale: Locale): string {
  const own = { 'zh-Hant': labels.zhHant, 'zh-Hans': labels.zhHans, en: labels.en }[locale]
  return own || labels.zhHant || labels.en || labels.zhHans
}

/** The reader's language: chosen (`?lang=`, cookie), else the best of Accept-Language, else the organisation's. */
export function pickLocale(chosen: readonly unknown[], accept: string | undefined, standard: string): Locale {
  const wished = chosen.find((c) => locales.some((l) => l === c)) ?? fromHeader(accept ?? '')
  return locales.find((l) => l === (wished ?? standard)) ?? 'zh-Hant'
}

function fromHeader(accept: string): Locale | undefined {
  const ranges = accept
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [tag = '', ...rest] = range.trim().toLowerCase().split(';')
      return { tag, q: Number(rest.find((r) => r.trim().startsWith('q='))?.split('=')[1] ?? 1) || 0 }
    })
    .sort((a, b) => b.q - a.q)
  for (const { tag, q } of ranges) {
    if (q === 0) continue
    if (/^zh\b.*-(hant|tw|hk|mo)\b/.test(tag)) return 'zh-Hant'
    if (/^zh\b.*-(hans|cn|sg|my)\b/.test(tag)) return 'zh-Hans'
    if (/^en\b/.test(tag)) return 'en'
    if (tag === 'zh') return undefined
  }
  return undefined
}
