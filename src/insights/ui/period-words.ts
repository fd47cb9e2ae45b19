import type { TFunction } from 'i18next'
import { calendarName, type Named, rocName, span } from '../domain/names.ts'

/** `2026 年 3 月`, and the days it has; in zh-Hant in years of the Republic as well. */
export function periodWords(period: Named, locale: string, t: TFunction): { name: string; days: string } {
  const { key, values } = calendarName(period)
  const roc = locale === 'zh-Hant' ? `（${t('figures.roc', { date: rocName(period) })}）` : ''
  return { name: t(`figures.period.${key}`, values), days: `${span(period)}${roc}` }
}

/** `+3`, `−2`, `±0`: a change is neither good nor bad by itself. */
export function changeWords(now: number, before: number, t: TFunction): string {
  const by = now - before
  if (by === 0) return t('figures.same')
  return by > 0 ? `+${by.toLocaleString('en')}` : `−${(-by).toLocaleString('en')}`
}

export const whole = (n: number): string => n.toLocaleString('en')
export const percent = (part: number, of: number): string => (of === 0 ? '–' : `${((100 * part) / of).toFixed(1)}%`)
