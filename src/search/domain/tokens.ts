import { fold } from '../../kit/pure/text-fold.ts'
import { type Run, runs, stem, wordOf } from '../../kit/pure/text-scan.ts'
import { overflowMark, quoted } from './lexeme.ts'
import { digitSuffixes, specials } from './specials.ts'

export { type QueryTerm, queryTerms, toTsqueryText } from './query.ts'

// PostgreSQL keeps 255 positions a lexeme, the last at 16383, and refuses a tsvector over 1 MB.
const maxPositions = 255
const maxPosition = 16383
const maxFolded = 32_000
const maxBytes = 900_000

/** Lexemes with their positions (1-based character numbers; empty where positions are not needed). */
export type Lexemes = ReadonlyMap<string, readonly number[]>

/**
 * What one search row is found by. CJK: every character (no position) and every pair at its character number, so
 * that `'ab' <-> 'bc'` is exactly the substring abc. Words: as written and singular. Numbers: complaint numbers,
 * mail addresses and telephone numbers whole, their parts, and the last 4–11 digits. Rows are meant to be at most
 * 8,000 characters (see `chunks`); what folds to more than 32,000 is not indexed beyond that.
 */
export function indexLexemes(text: string, from = 1): Lexemes {
  const folded = fold(text.length > maxFolded ? text.slice(0, maxFolded) : text).slice(0, maxFolded)
  const lexemes = new Map<string, number[]>()
  const add = (lexeme: string) => {
    if (lexeme !== '' && !lexemes.has(lexeme)) lexemes.set(lexeme, [])
  }
  let position = from
  for (const run of runs(folded)) {
    // One number is left out between two runs, so that no pair of one follows a pair of the other.
    if (run.kind === 'cjk') position = addPairs(lexemes, folded, run, position) + 1
    else {
      const word = wordOf(folded, run)
      add(word)
      add(stem(word))
    }
  }
  addSpecials(folded, add)
  return lexemes
}

/** The lexemes alone, e.g. to compare or count. */
export function lexemeList(text: string): string[] {
  return [...indexLexemes(text).keys()]
}

/** Adds a run's characters and pairs; `at` numbers its first character. Returns the number after the last one. */
function addPairs(lexemes: Map<string, number[]>, folded: string, run: Run, at: number): number {
  let previous = ''
  let position = at
  for (const character of folded.slice(run.start, run.end)) {
    if (!lexemes.has(character)) lexemes.set(character, [])
    if (previous !== '') addPosition(lexemes, previous + character, position)
    previous = character
    position += 1
  }
  return position
}

function addPosition(lexemes: Map<string, number[]>, pair: string, position: number): void {
  const positions = lexemes.get(pair)
  if (position > maxPosition || (positions !== undefined && positions.length >= maxPositions)) {
    lexemes.set(overflowMark, [])
    if (positions === undefined) lexemes.set(pair, [maxPosition])
  } else if (positions === undefined) lexemes.set(pair, [position])
  else positions.push(position)
}

function addSpecials(folded: string, add: (lexeme: string) => void): void {
  for (const { kind, value } of specials(folded).found) {
    add(value)
    if (kind === 'phone') for (const suffix of digitSuffixes(value)) add(suffix)
    if (kind === 'reference') add(value.slice(value.lastIndexOf('-') + 1))
  }
}

/**
 * The row's `tsvector`, as text to be cast (`$1::tsvector`): `'ab':1,7 'refund' …`. Valid and below 1 MB for any
 * text; '' when nothing is searchable. Never throws. What only `who` (the complainant's names and identities) holds is
 * labelled C, for `toTsqueryText` to leave out: a lexeme of the text itself without positions meets any label.
 */
export function toTsvectorText(text: string, who = ''): string {
  const said = indexLexemes(text)
  const named = who === '' ? noLexemes : indexLexemes(who, lastPosition(said) + 2)
  let out = ''
  let bytes = 0
  const add = (lexeme: string, positions: readonly (number | string)[]): boolean => {
    // Upper bound of what PostgreSQL stores: entry, alignment, three bytes a code unit, two a position.
    bytes += 8 + lexeme.length * 3 + positions.length * 2
    if (bytes > maxBytes) return false
    out += out === '' ? quoted(lexeme) : ` ${quoted(lexeme)}`
    if (positions.length > 0) out += `:${positions.join(',')}`
    return true
  }
  for (const [lexeme, positions] of said)
    if (!add(lexeme, [...positions, ...(named.get(lexeme) ?? []).map(labelled)])) return out
  let apart = 0
  for (const [lexeme, positions] of named) {
    if (said.has(lexeme)) continue
    // A label needs a position. These mean nothing, and are so far apart that no rank calls them near.
    const places = positions.length > 0 ? positions : [1 + ((apart++ * 200) % maxPosition)]
    if (!add(lexeme, places.map(labelled))) return out
  }
  return out
}

const noLexemes: Lexemes = new Map()
const labelled = (position: number) => `${Math.min(position, maxPosition)}C`

function lastPosition(lexemes: Lexemes): number {
  let last = 0
  for (const positions of lexemes.values()) last = Math.max(last, positions.at(-1) ?? 0)
  return last
}
