const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-03-03 10:00`, or with seconds, of an instant in a zone. */
export function wallTime(at: number, zone: string, seconds = false): string {
  const key = `${zone} ${seconds}`
  const format = formats.get(key) ?? made(zone, seconds)
  formats.set(key, format)
  return format.format(at)
}

function made(zone: string, seconds: boolean): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: seconds ? 'medium' : 'short',
  })
}

/** The wall time of an instant in a zone as a spreadsheet counts it: days since 1899-12-30. */
export function serialDay(at: number, zone: string): number {
  const wall = Date.parse(`${wallTime(at, zone, true).replace(' ', 'T')}Z`)
  return wall / 86_400_000 + 25_569
}
