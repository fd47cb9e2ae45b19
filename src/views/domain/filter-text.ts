import { type FilterName, type FilterValues, filterNames, fieldWords } from './filter-words.ts'
import type { Lexicon } from './lexicon.ts'
import { type Piece, piecesOf } from './pieces.ts'

// One line of text ↔ filters: 狀態:調查中 負責:我 逾時 收件:2026-01-01..2026-01-31

export type TextProblem = {
  /** `unknown-word`, `unknown-field`, `unknown-value`, `said-twice`, `bad-date`, `open-quote`. */
  readonly code: 'unknown-word' | 'unknown-field' | 'unknown-value' | 'said-twice' | 'bad-date' | 'open-quote'
  /** Where in the line, in UTF-16 units, the end not included. */
  readonly from: number
  readonly to: number
  readonly word: string
}

export type ReadLine = {
  readonly filter: FilterValues
  readonly problems: readonly TextProblem[]
  /** What was not understood, as it was written: it stays in the line. */
  readonly rest: string
}

/** Reads a line. What is understood counts; what is not is told with its place and kept, never dropped. */
export function readFilterText(text: string, lexicon: Lexicon): ReadLine {
  const filter: Partial<Record<FilterName, string>> = {}
  const problems: TextProblem[] = []
  const rest: string[] = []
  for (const piece of piecesOf(text)) {
    const read = readPiece(piece, lexicon)
    const twice = 'said' in read && read.said.some(([name, value]) => (filter[name] ?? value) !== value)
    if ('said' in read && !twice) for (const [name, value] of read.said) filter[name] = value
    else {
      const wrong = 'said' in read ? { code: 'said-twice' as const, from: piece.from, to: piece.to } : read
      problems.push({ ...wrong, word: text.slice(wrong.from, wrong.to) })
      rest.push(text.slice(piece.from, piece.to))
    }
  }
  return { filter, problems, rest: rest.join(' ') }
}

type Said = { readonly said: readonly (readonly [FilterName, string])[] }
type Wrong = Pick<TextProblem, 'code' | 'from' | 'to'>

function readPiece(piece: Piece, lexicon: Lexicon): Said | Wrong {
  const { from, to, field, value } = piece
  if (piece.unclosed) return { code: 'open-quote', from, to }
  if (field === undefined) {
    const found = lexicon.bare(value.text)
    return found ? { said: [[found.name, found.value]] } : { code: 'unknown-word', from, to }
  }
  const name = lexicon.field(field.text)
  if (!name) return { code: 'unknown-field', from: field.from, to: field.to }
  if (name === 'receivedFrom') {
    const period = readPeriod(value.text)
    return period ? { said: period } : { code: 'bad-date', from: value.from, to: value.to }
  }
  const meant = lexicon.value(name, value.text) ?? (isId(name, value.text) ? value.text : undefined)
  return meant === undefined ? { code: 'unknown-value', from: value.from, to: value.to } : { said: [[name, meant]] }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Somebody who left, a place that was given up: no menu names it, its id still finds it. */
const isId = (name: FilterName, text: string) => name.endsWith('Id') && uuid.test(text)

function readPeriod(text: string): (readonly [FilterName, string])[] | undefined {
  const parts = text.split(/\s*(?:\.\.|…|~|～|至)\s*/)
  if (parts.length > 2) return undefined
  const [first = '', second] = parts
  const [from, to] = second === undefined ? [readDay(first), readDay(first)] : [readEnd(first), readEnd(second)]
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined
  const said: (readonly [FilterName, string])[] = []
  if (from !== '') said.push(['receivedFrom', from])
  if (to !== '') said.push(['receivedTo', to])
  return said
}

const readEnd = (text: string) => (text === '' ? '' : readDay(text))

/** 2026-03-05, 2026/3/5, and the same by the calendar of Taiwan: 115/3/5. */
function readDay(text: string): string | undefined {
  const [, y = '', m = '', d = ''] = /^(\d{3,4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text.normalize('NFKC')) ?? []
  if (y === '') return undefined
  const year = y.length === 3 ? Number(y) + 1911 : Number(y)
  const day = `${String(year).padStart(4, '0')}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
  const ms = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? undefined : day
}

/** Writes filters as a line in one language (0 zh-Hant, 1 zh-Hans, 2 en), so that reading it gives them again. */
export function writeFilterText(filter: FilterValues, lexicon: Lexicon, language: 0 | 1 | 2, rest = ''): string {
  const said = filterNames.flatMap((name) => {
    const value = filter[name]
    if (value === undefined || name === 'receivedTo') return []
    return name === 'receivedFrom' ? [] : [writeOne(name, value, lexicon, language)]
  })
  const period = writePeriod(filter, language)
  return [...said, ...period, ...(rest === '' ? [] : [rest])].join(' ')
}

function writeOne(name: FilterName, value: string, lexicon: Lexicon, language: 0 | 1 | 2): string {
  const word = lexicon.word(name, value, language)
  if (word !== undefined && (name === 'view' || name === 'due')) {
    const alone = lexicon.bare(word)
    if (alone?.name === name && alone.value === value) return word
  }
  // A name that two have, or that reads as something else, gives way to the code or id.
  const clear = word !== undefined && lexicon.value(name, word) === value ? word : value
  return `${labelOf(name, language)}${colon(language)}${quoted(clear)}`
}

function writePeriod({ receivedFrom: from, receivedTo: to }: FilterValues, language: 0 | 1 | 2): string[] {
  if (from === undefined && to === undefined) return []
  const period = from === to ? from : `${from ?? ''}..${to ?? ''}`
  return [`${labelOf('receivedFrom', language)}${colon(language)}${period}`]
}

const labelOf = (name: FilterName, language: 0 | 1 | 2) =>
  name === 'receivedTo' ? fieldWords.receivedFrom[language] : fieldWords[name][language]
const colon = (language: 0 | 1 | 2) => (language === 2 ? ':' : '：')

function quoted(word: string): string {
  return word === '' || /[\s"“”「」:：]/u.test(word) ? `"${word.replaceAll('"', '""')}"` : word
}
