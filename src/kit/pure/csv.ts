/** The mark that tells spreadsheets that a CSV is UTF-8. */
export const csvMark = '\uFEFF'

/**
 * What a spreadsheet may take for a formula when it opens a CSV: the half-width and full-width signs, also behind blanks and
 * characters nobody sees, and what begins with a control character that splits or moves a cell.
 */
const dangerous = /^(?:[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠]|[\t\r\n])/u

/** The text as a spreadsheet shows it and never runs it: with an apostrophe before it where it could be a formula. */
export function formulaSafe(text: string): string {
  return dangerous.test(text) ? `'${text}` : text
}

/** A cell of RFC 4180: always quoted, quotes doubled. Text is made harmless, a number is a number. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return `"${formulaSafe(value.replaceAll('\0', '')).replaceAll('"', '""')}"`
}

/** A line of a table, with its end. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
