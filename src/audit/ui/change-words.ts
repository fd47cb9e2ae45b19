import { useTranslation } from 'react-i18next'
import { moneyWords, useNames } from '../../complaints/ui/index.ts'
import { moment } from '../../web/ui/time.ts'
import { useReader } from '../../web/ui/when.tsx'
import type { TrailItem } from './trail-view.tsx'

export type ChangeWords = { readonly name: string; readonly before: string; readonly after: string }
type Value = (name: string, raw: unknown) => string

/** A change in the reader's words: the field, and what it was and is; ids as names, instants in their zone. */
export function useChangeWords(value: Value): (change: TrailItem['changes'][number]) => ChangeWords {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const reader = useReader()
  const nothing = t('audit.nothing')
  const clock = (raw: unknown): string => {
    if (raw === null || typeof raw !== 'object') return nothing
    const { state, dueAt } = raw as { state: string; dueAt: string | null }
    return [t(`audit.clock-states.${state}`, { defaultValue: state }), dueAt && moment(Date.parse(dueAt), reader)]
      .filter(Boolean)
      .join(' ')
  }
  const process = (raw: unknown): string => {
    const { key, version } = raw as { key: string; version: number }
    return key === '' ? nothing : `${key} ${version}`
  }
  const one = (field: string, raw: unknown): string => {
    if (raw === null || raw === undefined || raw === '') return nothing
    // Before it was received there was nothing yet: the zero of a clock says nothing.
    if (raw === 0 && field.endsWith('At')) return nothing
    if (field === 'clock') return clock(raw)
    if (field === 'workflow') return process(raw)
    if (field === 'customerId') return String(raw).slice(0, 8)
    if (field === 'point') return t(`findings.${raw === 'open' ? 'none' : String(raw)}`, { defaultValue: String(raw) })
    if (field === 'approval') return t(`audit.approvals.${String(raw)}`, { defaultValue: String(raw) })
    if (field === 'remedyAmount') return moneyWords(raw as Parameters<typeof moneyWords>[0], i18n.language)
    if (field === 'mode' || field === 'confidentiality')
      return t(`${field}.${String(raw)}`, { defaultValue: String(raw) })
    if (Array.isArray(raw)) return raw.map((x) => one(field, x)).join(t('common.comma')) || nothing
    if (typeof raw === 'object') return thing(raw)
    if (field === 'access' || field === 'subjects' || field === 'deciders')
      return names.staff(String(raw)) || String(raw)
    return value(field, raw) || String(raw)
  }
  /** Helpers, links, sums: their parts, names where there are any. */
  const thing = (raw: object): string =>
    Object.entries(raw)
      .map(([key, x]) => (typeof x === 'object' ? JSON.stringify(x) : value(key, x) || String(x)))
      .join(' ')
  return ({ field, of, before, after }) => ({
    name: t(`audit.field.${field}`, {
      of: field === 'clock' ? names.clock(of ?? '') : of,
      defaultValue: t(`fields.${field}`, { defaultValue: field }),
    }),
    before: one(field, before),
    after: one(field, after),
  })
}
