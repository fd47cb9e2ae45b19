import i18next from 'i18next'
import { useEffect, useState } from 'react'
import type { Locale } from '../../../kit/contract/shapes.ts'
import { useMe } from '../../../web/ui/session.ts'

const words: Record<Locale, () => Promise<{ default: object }>> = {
  'zh-Hant': () => import('../../../web/ui/words/zh-Hant.ts'),
  'zh-Hans': () => import('../../../web/ui/words/zh-Hans.ts'),
  en: () => import('../../../web/ui/words/en.ts'),
}

type Props = {
  readonly locale: Locale
  readonly name: string
  readonly number: string
  /** What they said, as it was written down: it is said back. */
  readonly about: string
  readonly promised: { readonly kind: string; readonly at: number } | null
}

/** What to say before hanging up, in the caller's own language and the organisation's words: number, date, what was understood. */
export function ReadBack({ locale, name, number, about, promised }: Props) {
  const { zone, organisation } = useMe()
  const ready = useWords(locale)
  if (!ready) return null
  const terms = (i18next.getResource(locale, 'translation', 'terms') ?? {}) as Record<string, object>
  const say = i18next.getFixedT(locale)
  const at = promised && dateOf(promised.at, locale, zone)
  const given = {
    ...(terms[organisation.termSet] ?? terms.retail),
    name,
    number: spelled(number),
    about: about.replace(/[。.！!，,；;\s]+$/u, ''),
    at,
  }
  const kind = promised ? (promised.kind === 'callback' ? 'callback' : 'by') : 'none'
  return (
    <blockquote className="read-back" lang={locale}>
      <p>{say(name ? 'read-back.thanks' : 'read-back.thanks-nobody', given)}</p>
      <p>{say('read-back.understood', given)}</p>
      <p>{say('read-back.number', given)}</p>
      <p>{say(`read-back.next-${kind}`, given)}</p>
    </blockquote>
  )
}

/** R-2026-000123 as it is read out: in groups. */
function spelled(number: string): string {
  return number.replaceAll('-', ' – ')
}

function dateOf(at: number, locale: Locale, zone: string): string {
  const tag = { 'zh-Hant': 'zh-TW', 'zh-Hans': 'zh-CN', en: 'en-GB' }[locale]
  const options = { month: 'long', day: 'numeric', weekday: 'long', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(tag, { timeZone: zone, hourCycle: 'h23', ...options }).format(at)
}

/** The words of another language than the reader's are fetched when somebody speaks it. */
function useWords(locale: Locale): boolean {
  const [loaded, setLoaded] = useState<Locale | null>(null)
  useEffect(() => {
    if (i18next.hasResourceBundle(locale, 'translation')) return
    void words[locale]().then((found) => {
      i18next.addResourceBundle(locale, 'translation', found.default)
      setLoaded(locale)
    })
  }, [locale])
  return loaded === locale || i18next.hasResourceBundle(locale, 'translation')
}
