const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()
const quarter = 900_000

/** `2026-03-03 10:00`, or with seconds, of an instant in a zone. */
export function wallTime(at: number, zone: string, seconds = false): string {
  return new Date(at + offsetAt(at, zone))
    .toISOString()
    .replace('T', ' ')
    .slice(0, seconds ? -5 : -8)
}

/** The wall time of an instant in a zone as a spreadsheet counts it: days since 1899-12-30, to the second. */
export function serialDay(at: number, zone: string): number {
  return Math.floor((at + offsetAt(at, zone)) / 1000) / 86_400 + 25_569
}

/** Kept by the quarter of an hour, in which no zone changes: asking for each cell would cost more than all the rest of a file. */
function offsetAt(at: number, zone: string): number {
  const slot = Math.floor(at / quarter)
  const key = `${slot} ${zone}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size > 20_000) offsets.clear()
  const begin = slot * quarter
  const offset = Date.parse(`${formatOf(zone).format(begin).replace(' ', 'T')}Z`) - begin
  offsets.set(key, offset)
  return offset
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(zone, format)
  return format
}
