/** Dates without zone or clock: whole days since 1970-01-01, counted in the proleptic Gregorian calendar. */

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

export type CivilDate = { readonly year: number; readonly month: number; readonly day: number }

/** Day number of a date; month 1–12. */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / DAY_MS)
}

/** The date of a day number. */
export function civilDate(day: number): CivilDate {
  const at = new Date(day * DAY_MS)
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

/** The year an epoch instant falls in, read as UTC. */
export function utcYear(ms: number): number {
  return new Date(ms).getUTCFullYear()
}

/** ISO weekday, 1 = Monday … 7 = Sunday; 1970-01-01 was a Thursday. */
export function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** 'YYYY-MM-DD' → day number, or undefined when it is no date (2026-02-30). */
export function parseDate(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return undefined
  const day = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]))
  return formatDate(day) === text ? day : undefined
}

/** Day number → 'YYYY-MM-DD'. */
export function formatDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** The same day n months later; a day the month lacks becomes its last one (31 Jan + 1 month = 28 Feb). */
export function addMonths(day: number, n: number): number {
  const from = civilDate(day)
  const lastOfMonth = dayNumber(from.year, from.month + n + 1, 0)
  return Math.min(dayNumber(from.year, from.month + n, from.day), lastOfMonth)
}
