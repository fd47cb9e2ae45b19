import { Temporal } from 'temporal-polyfill'
import { DAY_MS, dayNumber, utcYear } from './civil.ts'

/** One stretch of constant offset; `from` is the epoch ms it begins at. */
type Stretch = { readonly from: number; readonly offset: number }

/** Wall clock of one IANA zone. Local times are ms as if the wall clock showed UTC. */
export type Zone = {
  readonly name: string
  /** Wall clock → instant. A time the clocks skip moves forward by the gap; a time they show twice is the first. */
  toInstant(localMs: number): number
  /** Instant → wall clock. */
  toLocal(ms: number): number
}

/** True for an IANA zone name this platform knows; plain offsets ('+08:00') are refused, they know no DST. */
export function isZoneName(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

/** A zone whose offset changes are looked up once per year and kept. */
export function makeZone(name: string): Zone {
  const byYear = new Map<number, readonly Stretch[]>()
  const stretchesAround = (ms: number): readonly Stretch[] => {
    const year = utcYear(ms)
    const known = byYear.get(year)
    if (known) return known
    const found = findStretches(name, year)
    byYear.set(year, found)
    return found
  }
  return {
    name,
    toInstant: (localMs) => localToInstant(stretchesAround(localMs), localMs),
    toLocal: (ms) => ms + offsetAt(stretchesAround(ms), ms),
  }
}

// Two days of margin: a wall clock is never further than that from UTC, even where a zone once skipped a whole day.
function findStretches(name: string, year: number): readonly Stretch[] {
  const from = (dayNumber(year, 1, 1) - 2) * DAY_MS
  const until = (dayNumber(year + 1, 1, 1) + 2) * DAY_MS
  const stretches: Stretch[] = []
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(name)
  while (at && at.epochMilliseconds < until) {
    stretches.push({ from: at.epochMilliseconds, offset: Math.round(at.offsetNanoseconds / 1e6) })
    at = at.getTimeZoneTransition('next')
  }
  return stretches
}

function offsetAt(stretches: readonly Stretch[], ms: number): number {
  let offset = 0
  for (const [i, stretch] of stretches.entries()) if (i === 0 || stretch.from <= ms) offset = stretch.offset
  return offset
}

function localToInstant(stretches: readonly Stretch[], localMs: number): number {
  for (const [i, { offset }] of stretches.entries()) {
    const next = stretches[i + 1]
    const ms = localMs - offset
    if (!next || ms < next.from) return ms
    // In the gap the clocks skip, the offset from before it carries the time forward by the gap.
    if (localMs - next.offset < next.from) return ms
  }
  throw new RangeError('a zone without offsets')
}
