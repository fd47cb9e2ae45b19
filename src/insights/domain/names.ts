import type { PeriodKind } from './period-kinds.ts'

// How a period is called; the same on the screen and in a workbook. Dates are YYYY-MM-DD.

export type Named = { readonly kind: PeriodKind; readonly first: string; readonly last: string }

/** The key of the sentence that names it (`figures.period.<key>`) and its values. Days of one's own are their dates. */
export function calendarName({ kind, first }: Named): {
  readonly key: PeriodKind
  readonly values: Record<string, number>
} {
  const [year = 0, month = 0] = first.split('-').map(Number)
  if (kind === 'week') return { key: kind, values: isoWeek(first) }
  return { key: kind, values: { year, month, quarter: Math.ceil(month / 3) } }
}

/** `2026-03-01 – 2026-03-31`, or one date. */
export function span({ first, last }: Pick<Named, 'first' | 'last'>): string {
  return first === last ? first : `${first} – ${last}`
}

/** The same in years of the Republic of China (西元 1912 is 民國 1), as offices in Taiwan write it: `115.03.01 – 115.03.31`. */
export function rocName({ first, last }: Pick<Named, 'first' | 'last'>): string {
  const roc = (date: string) => {
    const [year = '', month, day] = date.split('-')
    return `${Number(year) - 1911}.${month}.${day}`
  }
  return first === last ? roc(first) : `${roc(first)} – ${roc(last)}`
}

/** ISO 8601: the week of a date, and the year that week belongs to. */
export function isoWeek(date: string): { year: number; week: number } {
  const ms = Date.parse(`${date}T00:00:00Z`)
  // Its Thursday decides to which year a week belongs.
  const thursday = new Date(ms + (4 - (new Date(ms).getUTCDay() || 7)) * 86_400_000)
  const year = thursday.getUTCFullYear()
  return { year, week: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) }
}
