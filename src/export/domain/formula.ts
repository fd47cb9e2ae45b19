/**
 * What a spreadsheet may take for a formula when it opens a CSV: the half-width and full-width signs, also behind blanks and
 * characters nobody sees, and what begins with a control character that splits or moves a cell.
 */
const dangerous = /^(?:[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠]|[\t\r\n])/u

/** The text as a spreadsheet shows it and never runs it: with an apostrophe before it where it could be a formula. */
export function formulaSafe(text: string): string {
  return dangerous.test(text) ? `'${text}` : text
}
