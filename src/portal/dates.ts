import type { Locale } from '../kit/contract/shapes.ts'

const MINUTE = 60_000

function parts(at: number, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour12: false,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  return Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]))
}

/** Date in the zone of the place: 2026年11月18日（星期三） · 18 November 2026 (Wednesday). */
export function dayText(at: number, zone: string, locale: Locale): string {
  const tag = { 'zh-Hant': 'zh-TW', 'zh-Hans': 'zh-CN', en: 'en-GB' }[locale]
  const day = new Intl.DateTimeFormat(tag, { timeZone: zone, year: 'numeric', month: 'long', day: 'numeric' }).format(
    at,
  )
  const weekday = new Intl.DateTimeFormat(tag, { timeZone: zone, weekday: locale === 'en' ? 'long' : 'short' }).format(
    at,
  )
  return locale === 'en' ? `${weekday} ${day}` : `${day}（${weekday}）`
}

/** Date and time of day in the zone of the place. */
export function momentText(at: number, zone: string, locale: Locale): string {
  const { hour, minute } = parts(at, zone)
  return locale === 'en'
    ? `${dayText(at, zone, locale)}, ${hour}:${minute}`
    : `${dayText(at, zone, locale)} ${hour}:${minute}`
}

/** A deadline: one that falls on the end of a day is said as that day, since nobody reads 00:00 as "the day before". */
export function deadlineText(at: number, zone: string, locale: Locale): string {
  const before = at - MINUTE
  const { hour, minute } = parts(before, zone)
  const endOfDay = (hour === '23' && minute === '59') || (hour === '23' && minute === '58')
  return endOfDay ? dayText(before, zone, locale) : momentText(at, zone, locale)
}
