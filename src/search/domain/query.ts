import { fold } from '../../kit/pure/text-fold.ts'
import { runs, stem, wordOf } from '../../kit/pure/text-scan.ts'
import { overflowMark, quoted } from './lexeme.ts'
import { nationalDigits, type Special, specials } from './specials.ts'

/** Queries are read up to this many characters; longer phrases than the overlap of `chunks` could be cut in two. */
export const maxQuery = 200
const maxTerms = 32

/**
 * One thing asked for; all terms must be met. `cjk`: an exact substring. `word`: the word or its singular, and when
 * `prefix` every word that begins so. `exact`: a complaint number, mail address or amount. `phone`: a number ending
 * so, or else its written parts. All are folded.
 */
export type QueryTerm =
  | { readonly kind: 'cjk'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string; readonly stem: string; readonly prefix: boolean }
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'phone'; readonly national: string; readonly parts: readonly string[] }

type Placed = { readonly start: number; readonly term: QueryTerm }

/** The terms of what a person typed, in order, without repeats; [] when nothing is searchable. Never throws. */
export function queryTerms(query: string): QueryTerm[] {
  const folded = fold(query.slice(0, maxQuery * 4)).slice(0, maxQuery)
  const { found, rest } = specials(folded)
  const placed: Placed[] = found.map((special) => ({ start: special.start, term: ofSpecial(special, folded) }))
  for (const run of runs(rest)) {
    const text = rest.slice(run.start, run.end)
    const term: QueryTerm = run.kind === 'cjk' ? { kind: 'cjk', text } : wordTerm(wordOf(rest, run), run.end, folded)
    placed.push({ start: run.start, term })
  }
  placed.sort((a, b) => a.start - b.start)
  const unique = new Map(placed.map(({ term }) => [JSON.stringify(term), term]))
  return [...unique.values()].slice(0, maxTerms)
}

function ofSpecial(special: Special, folded: string): QueryTerm {
  if (special.kind !== 'phone') return { kind: 'exact', text: special.value }
  const written = folded.slice(special.start, special.end)
  const parts = written.split(/[^0-9]+/).filter((part) => part !== '')
  return { kind: 'phone', national: nationalDigits(special.value, written), parts }
}

/** The last word may still be being typed: it also stands for its continuations, unless it is a number. */
function wordTerm(text: string, end: number, folded: string): QueryTerm {
  const last = end === folded.trimEnd().length
  return { kind: 'word', text, stem: stem(text), prefix: last && !/^\p{N}+$/u.test(text) }
}

/**
 * The query as `tsquery` text to be cast (`$1::tsquery`), all terms joined by AND; null when nothing is searchable.
 * `without-names`: for who may not know customers, what is in a row only as somebody's name or number (label C) is not found.
 *
 * A CJK term of three or more characters is a phrase of its pairs: `('退款'<->'款单' | '~' & '退款' & '款单')`. The
 * phrase alone is exact, except in rows where PostgreSQL could not keep all positions (more than 255 of one pair, a
 * number above 16383); those carry the mark `~` and are found by their pairs, so that nothing is ever missed.
 */
export function toTsqueryText(query: string, who: 'with-names' | 'without-names' = 'with-names'): string | null {
  const terms = queryTerms(query)
  const write = who === 'with-names' ? plain : withoutNames
  return terms.length === 0 ? null : terms.map((term) => termText(term, write)).join(' & ')
}

/** A lexeme as a query asks for it; `prefix`: also all that begin so. */
type Write = (lexeme: string, prefix?: boolean) => string
const plain: Write = (lexeme, prefix = false) => quoted(lexeme) + (prefix ? ':*' : '')
const withoutNames: Write = (lexeme, prefix = false) => `${quoted(lexeme)}:${prefix ? '*' : ''}ABD`

function termText(term: QueryTerm, write: Write): string {
  switch (term.kind) {
    case 'cjk':
      return pairsText(pairs(term.text), write)
    case 'exact':
      return write(term.text)
    case 'phone':
      return `(${write(term.national)} | ${term.parts.map((part) => write(part)).join(' & ')})`
    case 'word': {
      const asWritten = write(term.text, term.prefix)
      return term.stem === term.text ? asWritten : `(${asWritten} | ${write(term.stem)})`
    }
  }
}

/** The overlapping pairs of a run; a single character is its own. */
export function pairs(text: string): string[] {
  const characters = [...text]
  if (characters.length < 2) return characters
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`)
}

function pairsText(all: string[], write: Write): string {
  const lexemes = all.map((pair) => write(pair))
  if (lexemes.length === 1) return lexemes[0] ?? ''
  const each = [...new Set(lexemes)].join(' & ')
  return `(${lexemes.join(' <-> ')} | ${write(overflowMark)} & ${each})`
}
