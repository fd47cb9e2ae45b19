/** Lexeme of a row in which some pair occurs too often, or too far on, for PostgreSQL to keep all its positions. */
export const overflowMark = '~'

/** A lexeme as the input syntax of tsvector and tsquery wants it. */
export function quoted(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
