import type { Labels, Locale } from '../kit/contract/shapes.ts'
import en from './locales/en.json' with { type: 'json' }
import zhHans from './locales/zh-Hans.json' with { type: 'json' }
import zhHant from './locales/zh-Hant.json' with { type: 'json' }

const files = { 'zh-Hant': zhHant, 'zh-Hans': zhHans, en } as const
export type Words = { readonly locale: Locale; readonly figures: (typeof en)['figures'] }

/** The sentences of figures in a language, for what the server writes. */
export function wordsOf(locale: Locale): Words {
  return { locale, figures: files[locale].figures }
}

/** A sentence with its values put in. */
export function filled(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** The name of a coded thing. */
export function labelIn(locale: Locale, labels: Labels | null | undefined): string {
  if (!labels) return ''
  return labels[locale === 'zh-Hant' ? 'zhHant' : locale === 'zh-Hans' ? 'zhHans' : 'en']
}
