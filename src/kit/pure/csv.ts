/** The mark tells spreadsheets that it is UTF-8. */
export const csvMark = '\uFEFF'

/** What a spreadsheet would run as a formula, also in full width (＝＋－＠), stands behind an apostrophe and is text. */
export function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r＝＋－＠]/u.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}

/** A line of a table, with its end. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`
