import { RefusalError } from '../pure/result.ts'

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
  throw new RefusalError({ code: 'request.bad-cursor', status: 400 })
}
