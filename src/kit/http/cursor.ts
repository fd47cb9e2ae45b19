import { RefusalError } from '../pure/result.ts'
import { isUuid } from '../pure/uuid.ts'

// The end of the year 9999: later instants exist in JavaScript but not everywhere they would be compared.
const lastInstant = 253_402_300_799_999

/** An opaque place in a keyset: base64url JSON of scalars. Bad input is refused, and its values are only ever parameters. */
export function writeCursor(parts: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** Reads a cursor of exactly `length` scalars; refuses with `request.bad-cursor`. */
export function readCursor(text: string, length: number): (string | number | null)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (
      Array.isArray(parts) &&
      parts.length === length &&
      parts.every((p) => p === null || typeof p === 'string' || typeof p === 'number')
    ) {
      return parts as (string | number | null)[]
    }
  } catch {
    // falls through to the refusal
  }
  throw badCursor()
}

/** A cursor of an instant (or 'infinity': no date) and the id of the last row shown; anything else is refused. */
export function readPlace(text: string): { at: Date | 'infinity'; id: string } {
  const [at, id] = readCursor(text, 2)
  const known = at === 'infinity' || (typeof at === 'number' && at >= 0 && at <= lastInstant)
  if (!known || !isUuid(id)) throw badCursor()
  return { at: at === 'infinity' ? at : new Date(Number(at)), id }
}

export function badCursor(): RefusalError {
  return new RefusalError({ code: 'request.bad-cursor', status: 400 })
}
