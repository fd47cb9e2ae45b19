import { useTranslation } from 'react-i18next'
import type { ComplaintPage, TimelineItem } from '../contract.ts'
import { useNames } from './use-names.ts'

type Event = Extract<TimelineItem, { kind: 'event' }>

/** Facts for programs only. */
const silent = /hash|id$|ids$|^v$|version|points|findings|point$|^message$|^by$/i

/** Events in the reader's words: a sentence by type, with codes and ids turned into names. */
export function useEventWords(page: ComplaintPage) {
  const { t } = useTranslation()
  const names = useNames()

  const value = (name: string, raw: unknown): string => {
    if (raw === null || raw === undefined || raw === '') return ''
    if (Array.isArray(raw))
      return raw
        .map((x) => value(name, x))
        .filter(Boolean)
        .join(t('common.comma'))
    if (typeof raw === 'object') return ''
    if (typeof raw === 'boolean') return t(raw ? 'common.yes' : 'common.no')
    const text = String(raw)
    if (/staff|owner|reviewer|helper/i.test(name)) return names.staff(text) || personOf(page, text)
    if (/team/i.test(name)) return names.team(text) || text
    if (/product/i.test(name)) return names.product(text) || text
    if (/place/i.test(name)) return names.place(text) || text
    if (/severity/i.test(name)) return names.severity(text)
    if (/channel/i.test(name)) return names.channel(text)
    if (/flag|lifted/i.test(name)) return names.code('risk_flag', text)
    if (/outcome/i.test(name)) return names.code('outcome', text)
    if (/remedy/i.test(name)) return names.code('remedy', text)
    if (/reasonCode|closure/i.test(name)) return names.code('closure_reason', text)
    if (/type/i.test(name)) return names.code('issue', text)
    if (/clock|^kind$/i.test(name)) return names.clock(text)
    if (name === 'rule') return t(`rules.${text}`, { defaultValue: text })
    if (/stance/i.test(name)) return t(`stance.${text}`, { defaultValue: text })
    if (/state|^from$|^to$/i.test(name)) return names.state(text)
    return text
  }

  const sentence = (item: Event): string => {
    const named = Object.fromEntries(Object.entries(item.facts).map(([k, v]) => [k, value(k, v)]))
    const who = item.actor.name || t(`actors.${item.actor.kind}`, { defaultValue: item.actor.kind })
    return t([`events.${item.type}-${turnOf(item)}`, `events.${item.type}`, 'events.other'], {
      ...named,
      who,
      type: item.type,
    })
  }

  /** Why it happened: the rule, its fields and values, one line each. */
  const facts = (item: Event): [string, string][] =>
    flat(item.facts)
      .filter(([name]) => !silent.test(name))
      .map(([name, raw]): [string, string] => [t(`facts.${name}`, { defaultValue: name }), value(name, raw)])
      .filter(([, words]) => words !== '')

  return { sentence, facts }
}

/** Sentences that differ by what happened: taken over oneself, given to a person, given back to the queue. */
function turnOf({ type, facts }: Event): string {
  const { rule } = (facts.assignedWhy ?? {}) as { rule?: string }
  if (type === 'assigned' && rule !== 'taken') return facts.ownerId ? 'to' : 'queue'
  // It was opened again by something else than a person's wish: a merge.
  return rule ?? (typeof facts.cause === 'string' ? facts.cause : '')
}

/** One level of nesting opened: the reasons inside `severityWhy` and `assignedWhy`. */
function flat(facts: Record<string, unknown>): [string, unknown][] {
  return Object.entries(facts).flatMap(([name, raw]): [string, unknown][] =>
    raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? Object.entries(raw) : [[name, raw]],
  )
}

function personOf(page: ComplaintPage, id: string): string {
  const { owner } = page.complaint
  return (
    [...page.helpers, ...page.subjects, ...page.access, ...(owner ? [owner] : [])].find((p) => p.id === id)?.name ?? ''
  )
}
