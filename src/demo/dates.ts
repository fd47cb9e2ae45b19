import type { Locale, Zone } from './types.ts'

const HOUR = 3_600_000
const MARK = /( ?)\{\{(date|day):(-?\d+(?:\.\d+)?)\}\}( ?)/g

/**
 * The instant (epoch ms) a promise falls due: `hoursAgo` before `now`; if that lies ahead and is a Saturday or
 * Sunday in `zone`, the same time on the Monday, since the demo's teams promise working days only.
 */
export function promisedInstant(now: number, hoursAgo: number, zone: Zone): number {
  let at = now - hoursAgo * HOUR
  if (at <= now) return at
  while (isWeekend(at, zone)) at += 24 * HOUR
  return at
}

/**
 * Replaces the marks in a demo text: `{{date:72}}` is the date 72 hours ago, `{{day:-48}}` the promised day 48 hours
 * ahead (see `promisedInstant`). The words follow the reader: 11月24日（一） · 11月24日（周一） · Tuesday 24 November.
 * In Chinese the spaces round a mark go.
 */
export function fillDates(text: string, now: number, zone: Zone, locale: Locale): string {
  return text.replace(MARK, (_, before: string, kind: string, hours: string, after: string) => {
    const ago = Number(hours)
    const words = inWords(kind === 'day' ? promisedInstant(now, ago, zone) : now - ago * HOUR, zone, locale)
    return locale === 'en' ? before + words + after : words
  })
}

function isWeekend(at: number, zone: Zone): boolean {
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: zone }).format(at)
  return day === 'Sat' || day === 'Sun'
}

function inWords(at: number, zone: Zone, locale: Locale): string {
  if (locale === 'en') {
    return new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone })
      .format(at)
      .replace(',', '')
  }
  const tag = locale === 'zh-Hant' ? 'zh-TW' : 'zh-CN'
  const date = new Intl.DateTimeFormat(tag, { month: 'long', day: 'numeric', timeZone: zone }).format(at)
  const weekday = new Intl.DateTimeFormat(tag, { weekday: locale === 'zh-Hant' ? 'narrow' : 'short', timeZone: zone })
  return `${date}（${weekday.format(at)}）`
}
