import { indexLexemes, type Lexemes } from './tokens.ts'
import { overflowMark } from './lexeme.ts'
import { pairs, type QueryTerm, queryTerms } from './query.ts'

/** Whether a text meets a query, decided as PostgreSQL would on `toTsvectorText` and `toTsqueryText`. */
export function matches(text: string, query: string): boolean {
  const terms = queryTerms(query)
  return terms.length > 0 && meets(indexLexemes(text), terms)
}

/** The same on prepared lexemes and terms. */
export function meets(lexemes: Lexemes, terms: readonly QueryTerm[]): boolean {
  return terms.every((term) => meetsTerm(lexemes, term))
}

function meetsTerm(lexemes: Lexemes, term: QueryTerm): boolean {
  switch (term.kind) {
    case 'cjk': {
      const wanted = pairs(term.text)
      if (!wanted.every((pair) => lexemes.has(pair))) return false
      return wanted.length === 1 || lexemes.has(overflowMark) || consecutive(lexemes, wanted)
    }
    case 'exact':
      return lexemes.has(term.text)
    case 'phone':
      return lexemes.has(term.national) || term.parts.every((part) => lexemes.has(part))
    case 'word':
      if (lexemes.has(term.text) || lexemes.has(term.stem)) return true
      return term.prefix && [...lexemes.keys()].some((lexeme) => lexeme.startsWith(term.text))
  }
}

function consecutive(lexemes: Lexemes, wanted: readonly string[]): boolean {
  const rest = wanted.slice(1).map((pair) => new Set(lexemes.get(pair)))
  const firsts = lexemes.get(wanted[0] ?? '') ?? []
  return firsts.some((first) => rest.every((positions, i) => positions.has(first + i + 1)))
}
