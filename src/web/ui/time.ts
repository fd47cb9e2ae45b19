import type { TFunction } from 'i18next'

// Time in words, in the reader's zone.

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type Reader = { readonly locale: string; readonly zone: string }

/** How late or near a due date is: `soon` within four hours. */
export function urgency(dueAt: number, now: number): 'late' | 'soon' | 'calm' {
  if (dueAt < now) return 'late'
  return dueAt - now <= 4 * HOUR ? 'soon' : 'calm'
}

/** 逾時 12 分, 剩 1 時 40 分, 今天 17:00, 明天 10:30, 11月27日（五）. */
export function dueWords(dueAt: number, now: number, reader: Reader, t: TFunction): string {
  if (dueAt < now) return t('time.late', { span: spanWords(now - dueAt, t) })
  if (dueAt - now <= 4 * HOUR) return t('time.left', { span: spanWords(dueAt - now, t) })
  const days = dayNumber(dueAt, reader.zone) - dayNumber(now, reader.zone)
  if (days === 0) return t('time.today', { time: clockTime(dueAt, reader) })
  if (days === 1) return t('time.tomorrow', { time: clockTime(dueAt, reader) })
  return dateWords(dueAt, now, reader, t)
}

/** When something happened: 3 分鐘前, 今天 09:12, 昨天 18:40, 11月18日 09:12. */
export function pastWords(at: number, now: number, reader: Reader, t: TFunction): string {
  const ago = now - at
  if (ago >= 0 && ago < MINUTE) return t('time.just-now')
  if (ago >= 0 && ago < HOUR) return t('time.minutes-ago', { count: Math.floor(ago / MINUTE) })
  const days = dayNumber(now, reader.zone) - dayNumber(at, reader.zone)
  if (days === 0) return t('time.today', { time: clockTime(at, reader) })
  if (days === 1) return t('time.yesterday', { time: clockTime(at, reader) })
  return shortMoment(at, now, reader)
}

/** A length of time in its two largest units. */
export function spanWords(ms: number, t: TFunction): string {
  const days = Math.floor(ms / DAY)
  const hours = Math.floor((ms % DAY) / HOUR)
  const minutes = Math.floor((ms % HOUR) / MINUTE)
  if (days > 0) return hours > 0 && days < 10 ? t('time.span-dh', { days, hours }) : t('time.span-d', { days })
  if (hours > 0) return minutes > 0 ? t('time.span-hm', { hours, minutes }) : t('time.span-h', { hours })
  return t('time.span-m', { minutes })
}

/** The whole instant with its zone, for a hover. */
export function absolute(at: number, reader: Reader): string {
  const offset = offsetOf(at, reader.zone)
  const text = format(at, reader, { dateStyle: 'full', timeStyle: 'medium', hourCycle: 'h23' })
  return offset ? `${text} (${offset.replace('GMT', 'UTC')})` : text
}

const offsets = new Map<string, string | undefined>()

/** `GMT+8`, kept by days that begin and end with the same one: asking costs more than all the rest of a time. */
function offsetOf(at: number, zone: string): string | undefined {
  const day = Math.floor(at / DAY)
  const key = `${day} ${zone}`
  if (!offsets.has(key)) {
    if (offsets.size > 5_000) offsets.clear()
    const first = offsetName(day * DAY, zone)
    offsets.set(key, first === offsetName((day + 1) * DAY, zone) ? first : undefined)
  }
  return offsets.get(key) ?? offsetName(at, zone)
}

function offsetName(at: number, zone: string): string | undefined {
  return cached('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find((p) => p.type === 'timeZoneName')?.value
}

/** Date and time of day, as short as they stay plain: `2026-11-18 09:12`. */
export function moment(at: number, reader: Reader): string {
  return `${isoDate(at, reader.zone)} ${clockTime(at, reader)}`
}

/** The same without the year where it is this one: 11月18日 09:12, 18 Nov 09:12. */
export function shortMoment(at: number, now: number, reader: Reader): string {
  return `${monthDay(at, now, reader)} ${clockTime(at, reader)}`
}

export function clockTime(at: number, reader: Reader): string {
  return format(at, reader, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

function dateWords(at: number, now: number, reader: Reader, t: TFunction): string {
  return t('time.date', {
    date: monthDay(at, now, reader),
    weekday: format(at, reader, { weekday: 'short' }).replace(/^[週周]/, ''),
  })
}

/** 11月27日, 27 Nov; in another year 2027年1月4日, 4 Jan 2027: 09-11 is read as September in one city and as November in the next. */
function monthDay(at: number, now: number, reader: Reader): string {
  const [date, today] = [isoDate(at, reader.zone), isoDate(now, reader.zone)]
  const year = date.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const)
  return format(at, reader, { day: 'numeric', month: reader.locale === 'en' ? 'short' : 'long', ...year })
}

/** The calendar date (`2026-11-18`) of an instant in a zone. */
export function isoDate(at: number, zone: string): string {
  return cached('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at)
}

function dayNumber(at: number, zone: string): number {
  return Math.round(Date.parse(`${isoDate(at, zone)}T00:00:00Z`) / DAY)
}

function format(at: number, reader: Reader, options: Intl.DateTimeFormatOptions): string {
  const locale = reader.locale === 'en' ? 'en-GB' : reader.locale === 'zh-Hans' ? 'zh-CN' : 'zh-TW'
  return cached(locale, { timeZone: reader.zone, ...options }).format(at)
}

const formats = new Map<string, Intl.DateTimeFormat>()
function cached(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, options)
  formats.set(key, made)
  return made
}

/** The instant of a wall-clock time (`2026-11-18T09:12`, as a datetime-local field gives it) in a zone. */
export function instantOf(local: string, zone: string): string {
  const guess = Date.parse(`${local}:00Z`)
  const once = guess - offset(guess, zone)
  return new Date(guess - offset(once, zone)).toISOString()
}

/** The wall-clock time of an instant in a zone, for a datetime-local field. */
export function localOf(at: number, zone: string): string {
  return new Date(at + offset(at, zone)).toISOString().slice(0, 16)
}

function offset(at: number, zone: string): number {
  const wall = cached('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at)
  return Date.parse(`${wall.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
}
