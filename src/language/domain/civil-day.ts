/** A day of the Gregorian calendar; `month` 1 … 12. */
export type Day = { readonly year: number; readonly month: number; readonly day: number }

const formats = new Map<string, Intl.DateTimeFormat>()

function wall(at: number, zone: string): number {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(zone, format)
  return Date.parse(`${format.format(at).replace(' ', 'T')}Z`)
}

/** The day it is in a zone. */
export function dayOf(at: number, zone: string): Day {
  const d = new Date(wall(at, zone))
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() }
}

/** 1 (Monday) … 7 (Sunday). */
export function weekdayOf({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7
}

/** The instant of a wall-clock time in a zone; one that a change of clocks leaves out comes after it. */
export function instantAt(d: Day, { hour, minute }: { hour: number; minute: number }, zone: string): number {
  const guess = Date.UTC(d.year, d.month - 1, d.day, hour, minute)
  const once = guess - (wall(guess, zone) - guess)
  return guess - (wall(once, zone) - once)
}
