import type { Tx } from '../kit/db/database.ts'

/**
 * Rows as verification compares them, a tuple each: instants as ISO text, bytes as hex, json parsed, the rest as the
 * database writes it. Making objects and dates of a million complaints takes longer than checking them.
 */
export async function tuples<T extends unknown[]>(tx: Tx, text: string, values: unknown[]): Promise<T[]> {
  const { rows } = await tx.client.query<T>({ text, values, rowMode: 'array', types: { getTypeParser } })
  return rows
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't', // bool
  17: (text) => text.slice(2), // bytea: \x…
  20: Number, // int8
  23: Number, // int4
  1184: isoOf, // timestamptz
  3802: parseJson, // jsonb
}
const same = (text: string) => text

function getTypeParser(oid: number) {
  return parsers[oid] ?? same
}

/**
 * `2026-01-02 03:04:05.6+00` as `2026-01-02T03:04:05.600Z`. Digits beyond milliseconds, which the program never writes, stay
 * and are a difference; so does `infinity`. Connections are in UTC (openDatabase).
 */
export function isoOf(text: string): string {
  if (text.charCodeAt(10) !== 32 || !text.endsWith('+00')) return text
  const digits = text.length === 26 ? text.slice(11, 23) : `${text.slice(11, 19)}${fraction(text.slice(19, -3))}`
  return `${text.slice(0, 10)}T${digits}Z`
}

function fraction(text: string): string {
  return text === '' ? '.000' : text.padEnd(4, '0')
}

/** Actors, targets and versions are the same few texts over and over. What comes out is shared: it is never changed. */
const known = new Map<string, unknown>()
const [knownAtMost, longestKnown] = [2_000, 150]

export function parseJson(text: string): unknown {
  if (text.length > longestKnown) return JSON.parse(text)
  const met = known.get(text)
  if (met !== undefined) return met
  if (known.size >= knownAtMost) known.clear()
  const value: unknown = JSON.parse(text)
  known.set(text, value)
  return value
}
