import { figuresQuery } from '../contract.ts'
import { type Measure, measures } from '../domain/roll-up.ts'

/** What the address of the figures says: by what, of which period, compared or not, and what the chart shows. */
export type FiguresSearch = {
  readonly by?: 'type' | 'product' | 'place' | 'team' | 'owner' | 'channel' | 'severity'
  readonly period?: 'week' | 'month' | 'quarter' | 'year' | 'custom'
  readonly on?: string
  readonly first?: string
  readonly last?: string
  readonly compare?: 'before' | 'none'
  readonly chart?: Measure
}

/** Unknown or wrong parts are dropped. */
export function figuresSearch(raw: Record<string, unknown>): FiguresSearch {
  const kept: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(figuresQuery.shape)) {
    if (raw[name] === undefined) continue
    const parsed = shape.safeParse(String(raw[name]))
    if (parsed.success) kept[name] = parsed.data
  }
  if (measures.some((m) => m === raw.chart)) kept.chart = raw.chart
  return kept as FiguresSearch
}

/** A day of the period before the one of `today` (both YYYY-MM-DD). */
export function dayInLast(kind: 'week' | 'month' | 'quarter' | 'year', today: string): string {
  const [year = 0, month = 1] = today.split('-').map(Number)
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  if (kind === 'week') return iso(Date.parse(`${today}T00:00:00Z`) - 7 * 86_400_000)
  if (kind === 'month') return iso(Date.UTC(year, month - 2, 1))
  if (kind === 'quarter') return iso(Date.UTC(year, month - 4, 1))
  return iso(Date.UTC(year - 1, 0, 1))
}
