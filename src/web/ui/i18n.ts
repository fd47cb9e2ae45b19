import i18next from 'i18next'
import type { Labels, Locale } from '../../kit/contract/shapes.ts'

export const locales: readonly Locale[] = ['zh-Hant', 'zh-Hans', 'en']
const STORED = 'redress.locale'

const files: Record<Locale, () => Promise<{ default: object }>> = {
  'zh-Hant': () => import('./words/zh-Hant.ts'),
  'zh-Hans': () => import('./words/zh-Hans.ts'),
  en: () => import('./words/en.ts'),
}

/** What an organisation calls the thing (客訴, 申訴, 投訴): `terms` in the locale files, interpolated everywhere. */
let termSet = 'retail'

/** Starts the language of this browser: the stored one, else the browser's, else traditional Chinese. */
export async function startLanguage(): Promise<void> {
  const locale = storedLocale() ?? browserLocale(navigator.languages)
  await i18next.init({
    lng: locale,
    resources: { [locale]: { translation: (await files[locale]()).default } },
    interpolation: { escapeValue: false, defaultVariables: {} },
    returnNull: false,
    fallbackLng: false,
  })
  applyTerms()
  document.documentElement.lang = locale
}

/** Switches the language, loading its words first. */
export async function switchLocale(locale: Locale): Promise<void> {
  localStorage.setItem(STORED, locale)
  if (!i18next.hasResourceBundle(locale, 'translation'))
    i18next.addResourceBundle(locale, 'translation', (await files[locale]()).default)
  document.documentElement.lang = locale
  i18next.options.lng = locale
  applyTermsOf(locale)
  await i18next.changeLanguage(locale)
}

export function storedLocale(): Locale | undefined {
  return locales.find((l) => l === localStorage.getItem(STORED))
}

/** Sets the organisation's words; an unknown set reads as retail. */
export function setTermSet(next: string): void {
  if (next === termSet) return
  termSet = next
  applyTerms()
  void i18next.changeLanguage(i18next.language)
}

export function currentLocale(): Locale {
  return locales.find((l) => l === i18next.language) ?? 'zh-Hant'
}

/** The name of a coded thing in the reader's language. */
export function labelOf(labels: Labels | undefined, fallback = ''): string {
  if (!labels) return fallback
  const locale = currentLocale()
  return labels[locale === 'zh-Hant' ? 'zhHant' : locale === 'zh-Hans' ? 'zhHans' : 'en'] || fallback
}

function applyTerms(): void {
  applyTermsOf(currentLocale())
}

function applyTermsOf(locale: Locale): void {
  const sets = i18next.getResource(locale, 'translation', 'terms') as Record<string, Record<string, string>> | undefined
  // In place: the translator and the interpolator hold this same object.
  const interpolation = i18next.options.interpolation
  if (interpolation) interpolation.defaultVariables = sets?.[termSet] ?? sets?.retail ?? {}
}

/** zh-TW, zh-HK and zh-MO write traditional; other Chinese simplified; English for English readers only. */
export function browserLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    if (/^zh-(hant|tw|hk|mo)/i.test(tag)) return 'zh-Hant'
    if (/^zh/i.test(tag)) return 'zh-Hans'
    if (/^en/i.test(tag)) return 'en'
  }
  return 'zh-Hant'
}
