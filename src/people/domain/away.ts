/** Days a person is away, first and last included: `YYYY-MM-DD` of their own zone. */
export type AwayDays = { readonly from: string; readonly until: string }

const formats = new Map<string, Intl.DateTimeFormat>()

/** The day it is in a zone at an instant (epoch ms), as `YYYY-MM-DD`. */
export function dayIn(zone: string, now: number): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  formats.set(zone, format)
  return format.format(now)
}

/** The day after, or before, by so many. */
export function dayFrom(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The last day they are away, when they are away on this day; days that follow each other count as one. Else null. */
export function awayUntil(all: readonly AwayDays[], day: string): string | null {
  let until: string | null = null
  for (const one of [...all].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const joins = until === null ? one.from <= day && day <= one.until : one.from <= dayFrom(until, 1)
    if (joins && (until === null || one.until > until)) until = one.until
  }
  return until
}
