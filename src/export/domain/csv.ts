import { formulaSafe } from './formula.ts'

/** The mark that tells spreadsheets that a CSV is UTF-8. */
export const byteOrderMark = '\uFEFF'

/** A cell of RFC 4180: always quoted, quotes doubled. Text is made harmless, a number is a number. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return `"${formulaSafe(value.replaceAll('\0', '')).replaceAll('"', '""')}"`
}

export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
