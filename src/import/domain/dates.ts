import { makeZone, type Zone } from '../../clocks/domain/index.ts'
import type { Cell } from './told.ts'

/** How a column writes its instants. `format`: `iso`, `excel`, `unix`, `unix-ms`, or a pattern such as `dd/MM/yyyy HH:mm`. */
export type DateRule = { readonly format: string; readonly zone: string }
/** An instant in epoch ms, whether day and month could have been meant the other way round, and whether it shows that they are not. */
export type ReadDate = { readonly at: number; readonly swappable: boolean; readonly proves?: boolean }
export type DateReader = (cell: Cell) => ReadDate | undefined

type Part =
  | 'year'
  | 'roc'
  | 'short'
  | 'month'
  | 'name'
  | 'day'
  | 'hour'
  | 'half'
  | 'minute'
  | 'second'
  | 'milli'
  | 'offset'
type Pattern = { readonly regex: RegExp; readonly parts: readonly Part[]; readonly numeric: boolean }

const tokens: readonly (readonly [token: string, part: Part, text: string])[] = [
  ['yyyy', 'year', '(\\d{4})'],
  ['rrr', 'roc', '(\\d{1,3})'],
  ['yy', 'short', '(\\d{2})'],
  ['MMM', 'name', '([A-Za-z]{3,9})\\.?'],
  ['MM', 'month', '(\\d{1,2})'],
  ['M', 'month', '(\\d{1,2})'],
  ['dd', 'day', '(\\d{1,2})'],
  ['d', 'day', '(\\d{1,2})'],
  ['HH', 'hour', '(\\d{1,2})'],
  ['H', 'hour', '(\\d{1,2})'],
  ['hh', 'hour', '(\\d{1,2})'],
  ['h', 'hour', '(\\d{1,2})'],
  ['mm', 'minute', '(\\d{1,2})'],
  ['ss', 'second', '(\\d{1,2})'],
  ['SSS', 'milli', '(\\d{1,6})'],
  ['a', 'half', '([AaPp]\\.?[Mm]\\.?|上午|下午|早上|晚上|中午|凌晨)'],
  ['XXX', 'offset', '(Z|[+-]\\d{2}:?\\d{2})'],
]
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const dayMs = 86_400_000
/** Serial 0 of Excel, whose 1900 had a 29 February: right from March 1900 on. */
const excelZero = Date.UTC(1899, 11, 30)
const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2}|UTC)?$/

const zones = new Map<string, Zone>()
export function zoneOf(name: string): Zone {
  const known = zones.get(name) ?? makeZone(name)
  zones.set(name, known)
  return known
}

/** Whether a format can be read by: a special one, or a pattern with year, month and day in places of their own. */
export function isFormat(format: string): boolean {
  return ['iso', 'excel', 'unix', 'unix-ms'].includes(format) || compile(format) !== undefined
}

/** A reader of the cells of a column. A date without a time is its first moment in the zone. */
export function dateReader({ format, zone }: DateRule): DateReader {
  const where = zoneOf(zone)
  const pattern = compile(format)
  return (cell) => {
    // The file itself knows that it is a date: what it shows is wall time.
    if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? undefined : plain(where.toInstant(cell.getTime()))
    if (cell === null || typeof cell === 'boolean') return undefined
    if (format === 'unix' || format === 'unix-ms') return ofNumber(cell, (n) => (format === 'unix' ? n * 1000 : n))
    if (format === 'excel')
      return ofNumber(cell, (n) => where.toInstant(Math.round((excelZero + n * dayMs) / 1000) * 1000))
    const text = String(cell).normalize('NFKC').trim()
    const found = format === 'iso' ? readIso(text, where) : undefined
    if (found) return found
    return pattern ? readPattern(text, pattern, where) : undefined
  }
}

const plain = (at: number): ReadDate => ({ at, swappable: false })

function ofNumber(cell: string | number, at: (n: number) => number): ReadDate | undefined {
  const text = String(cell).trim()
  if (!/^-?\d{1,15}(\.\d+)?$/.test(text)) return undefined
  const ms = at(Number(text))
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? plain(ms) : undefined
}

function readIso(text: string, zone: Zone): ReadDate | undefined {
  const m = iso.exec(text)
  if (!m) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = m
  const local = civil(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  if (local === undefined) return undefined
  const ms = local + Number(fraction.padEnd(3, '0').slice(0, 3))
  return plain(offset ? ms - offsetMs(offset) : zone.toInstant(ms))
}

function offsetMs(text: string): number {
  const m = /^([+-])(\d{2}):?(\d{2})$/.exec(text)
  return m ? (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3])) * 60_000 : 0
}

function civil(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return undefined
  const date = Date.UTC(year, month - 1, day)
  if (new Date(date).getUTCDate() !== day || year < 1000) return undefined
  return date + ((hour * 60 + minute) * 60 + second) * 1000
}

const compiled = new Map<string, Pattern | undefined>()
function compile(format: string): Pattern | undefined {
  if (compiled.has(format)) return compiled.get(format)
  const parts: Part[] = []
  let source = ''
  for (let i = 0; i < format.length; ) {
    const token = tokens.find(([text]) => format.startsWith(text, i))
    if (token) {
      source += token[2]
      parts.push(token[1])
      i += token[0].length
    } else {
      const c = format.charAt(i)
      source += /\s/.test(c) ? '\\s+' : c.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
      i += 1
    }
  }
  // Eight digits in a row have no other places than these.
  if (format.startsWith('yyyyMMdd')) source = source.replace('(\\d{4})(\\d{1,2})(\\d{1,2})', '(\\d{4})(\\d{2})(\\d{2})')
  const has = (...any: Part[]) => any.some((p) => parts.includes(p))
  const whole = has('year', 'roc', 'short') && has('month', 'name') && has('day')
  const pattern = whole ? { regex: new RegExp(`^${source}$`), parts, numeric: has('month') } : undefined
  compiled.set(format, pattern)
  return pattern
}

function readPattern(text: string, { regex, parts, numeric }: Pattern, zone: Zone): ReadDate | undefined {
  const m = regex.exec(text)
  if (!m) return undefined
  const of = (part: Part) => m[parts.indexOf(part) + 1] ?? ''
  const number = (part: Part) => (parts.includes(part) ? Number(of(part)) : 0)
  const year = parts.includes('roc')
    ? number('roc') + 1911
    : parts.includes('short')
      ? century(number('short'))
      : number('year')
  const month = parts.includes('name') ? months.indexOf(of('name').slice(0, 3).toLowerCase()) + 1 : number('month')
  const day = number('day')
  const hour = parts.includes('half') ? hourOf(number('hour'), of('half')) : number('hour')
  const local = civil(year, month, day, hour, number('minute'), number('second'))
  if (local === undefined) return undefined
  const ms = local + (parts.includes('milli') ? Number(of('milli').padEnd(3, '0').slice(0, 3)) : 0)
  const at = parts.includes('offset') ? ms - offsetMs(of('offset')) : zone.toInstant(ms)
  const yearFirst = parts[0] === 'year' || parts[0] === 'roc'
  const either = numeric && !yearFirst
  return { at, swappable: either && day <= 12 && day !== month, proves: either && day > 12 }
}

const century = (short: number) => (short < 70 ? 2000 : 1900) + short

function hourOf(hour: number, half: string): number {
  const late = /^p|下午|晚上|中午/i.test(half)
  if (hour === 12) return late ? 12 : 0
  return late ? hour + 12 : hour
}

const dateParts = [
  'yyyy-MM-dd',
  'yyyy/MM/dd',
  'yyyy.MM.dd',
  'yyyyMMdd',
  'yyyy年M月d日',
  '民國rrr年M月d日',
  '民国rrr年M月d日',
  'rrr年M月d日',
  'rrr/MM/dd',
  'rrr-MM-dd',
  'rrr.MM.dd',
  'dd/MM/yyyy',
  'MM/dd/yyyy',
  'dd-MM-yyyy',
  'MM-dd-yyyy',
  'dd.MM.yyyy',
  'dd/MM/yy',
  'MM/dd/yy',
  'd MMM yyyy',
  'MMM d, yyyy',
]
const timeParts = [
  '',
  ' HH:mm:ss',
  ' HH:mm',
  ' hh:mm:ss a',
  ' hh:mm a',
  ' a hh:mm:ss',
  ' a hh:mm',
  'THH:mm:ss',
  'THH:mm',
  ' HH:mm:ss.SSS',
  ' HH時mm分',
]

/** What a column's dates are written in, as far as some of them tell. */
export type DateGuess = {
  readonly format: string
  /** How many of those looked at it reads. */
  readonly fits: number
  readonly of: number
  /** How many could be read with day and month the other way round, where nothing in the column says which is meant. */
  readonly swappable: number
  /** Those that only the other order reads: the column has both. */
  readonly against: number
}

/** The format that reads most of these cells, or undefined when none reads half of them. */
export function guessDates(cells: readonly Cell[], zone = 'UTC'): DateGuess | undefined {
  const all = cells.filter((c) => c !== null && c !== '').slice(0, 1000)
  if (all.length === 0) return undefined
  if (all.some((c) => c instanceof Date))
    return { format: 'iso', fits: all.length, of: all.length, swappable: 0, against: 0 }
  const fitting = (format: string) => all.map(dateReader({ format, zone })).filter((d) => d !== undefined)
  let best: { format: string; read: ReadDate[] } | undefined
  for (const format of ['iso', ...numbers(all), ...dateParts.flatMap((d) => timeParts.map((t) => d + t))]) {
    const read = fitting(format)
    if (read.length > (best?.read.length ?? 0)) best = { format, read }
    if (read.length === all.length) break
  }
  if (!best || best.read.length * 2 < all.length) return undefined
  const { format, read } = best
  const other = swapped(format)
  const reversed = other ? fitting(other).length : 0
  const swappable = read.filter((d) => d.swappable).length
  const proven = other !== undefined && read.length > swappable && read.length > reversed
  return {
    format,
    fits: read.length,
    of: all.length,
    swappable: other && !proven ? swappable : 0,
    against: other && read.length < all.length ? Math.max(0, all.length - read.length) : 0,
  }
}

/** Plain numbers are instants only where they lie between 1990 and 2100. */
function numbers(cells: readonly Cell[]): string[] {
  const values = cells.map((c) => (typeof c === 'number' || /^\d{5,14}(\.\d+)?$/.test(String(c)) ? Number(c) : NaN))
  const within = (from: number, to: number) => values.every((n) => n >= from && n <= to)
  if (within(32_874, 73_051)) return ['excel']
  if (within(631_152_000, 4_102_444_800)) return ['unix']
  return within(631_152_000_000, 4_102_444_800_000) ? ['unix-ms'] : []
}

/** The same pattern with day and month in each other's places; undefined where that means nothing. */
export function swapped(format: string): string | undefined {
  const m = /^(dd|MM)([/.-])(dd|MM)([/.-]yy.*)$/.exec(format)
  return m ? `${m[3]}${m[2]}${m[1]}${m[4]}` : undefined
}
