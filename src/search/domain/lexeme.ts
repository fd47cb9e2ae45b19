/** Lexeme of a row in which some pair occurs too often, or too far on, for PostgreSQL to keep all its positions. */
export const overflowMark = '~'

const special = /['\\]/

/** A lexeme as the input syntax of tsvector and tsquery wants it. */
export function quoted(lexeme: string): string {
  // Tokens hold letters and digits alone; the replacements are for what that may one day become.
  if (!special.test(lexeme)) return `'${lexeme}'`
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
