import { type FoldedText, foldMapped } from '../../kit/pure/text-fold.ts'
import { runs, stem, wordOf } from '../../kit/pure/text-scan.ts'
import { safeEnd } from '../../kit/pure/text.ts'
import { type QueryTerm, queryTerms } from './query.ts'
import { specials } from './specials.ts'

/** Pieces of the original text in order; `hit` pieces are what was searched for. No markup. */
export type Snippet = {
  readonly parts: readonly { readonly text: string; readonly hit: boolean }[]
  readonly cutBefore: boolean
  readonly cutAfter: boolean
}

type Range = { readonly start: number; readonly end: number }

// A search row holds 8,000 characters; longer texts are looked through only so far.
const maxText = 20_000

/** About `width` code units of `text` around where most of `query` is met, hits marked. Never throws. */
export function snippet(text: string, query: string, { width = 120 }: { width?: number } = {}): Snippet {
  const source = text.slice(0, safeEnd(text, maxText))
  const hits = highlights(source, query)
  const { start, end } = windowOf(source, hits, width)
  const parts: { text: string; hit: boolean }[] = []
  const push = (from: number, to: number, hit: boolean) => {
    if (to > from) parts.push({ text: source.slice(from, to), hit })
  }
  let at = start
  for (const hit of hits) {
    if (hit.end <= at || hit.start >= end) continue
    push(at, Math.max(at, hit.start), false)
    push(Math.max(at, hit.start), Math.min(end, hit.end), true)
    at = Math.min(end, hit.end)
  }
  push(at, end, false)
  return { parts, cutBefore: start > 0, cutAfter: end < text.length }
}

/** Where the query's terms stand in the original text: sorted, not overlapping, in code units. */
export function highlights(text: string, query: string): Range[] {
  const terms = queryTerms(query)
  if (terms.length === 0) return []
  const mapped = foldMapped(text)
  const found = terms.flatMap((term) => rangesOf(term, mapped.folded)).map((range) => original(mapped, range))
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  const joined: Range[] = []
  for (const range of found) {
    const last = joined.at(-1)
    if (last && range.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    else joined.push(range)
  }
  return joined
}

function original({ starts, ends }: FoldedText, { start, end }: Range): Range {
  return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 }
}

function rangesOf(term: QueryTerm, folded: string): Range[] {
  switch (term.kind) {
    case 'cjk':
      return occurrences(folded, term.text)
    case 'exact':
      return specials(folded).found.filter(({ value }) => value === term.text)
    case 'phone': {
      const whole = specials(folded).found.filter(({ value }) => value.endsWith(term.national))
      return whole.length > 0 ? whole : term.parts.flatMap((part) => words(folded, (word) => word === part))
    }
    case 'word':
      return [
        ...words(folded, (word) => (term.prefix && word.startsWith(term.text)) || stem(word) === term.stem),
        ...specials(folded).found.filter(({ kind, value }) => kind !== 'mail' && endsWithDigits(value, term.text)),
      ]
  }
}

function endsWithDigits(value: string, digits: string): boolean {
  return (
    /^[0-9]+$/.test(digits) &&
    (value === digits || value.endsWith(`-${digits}`) || (digits.length > 3 && value.endsWith(digits)))
  )
}

function occurrences(folded: string, text: string): Range[] {
  const found: Range[] = []
  for (let at = folded.indexOf(text); at >= 0; at = folded.indexOf(text, at + text.length))
    found.push({ start: at, end: at + text.length })
  return found
}

function words(folded: string, wanted: (word: string) => boolean): Range[] {
  return runs(folded).filter((run) => run.kind === 'word' && wanted(wordOf(folded, run)))
}

/** The stretch of `width` that covers the most hits, begun a little before the first of them. */
function windowOf(text: string, hits: readonly Range[], width: number): Range {
  if (text.length <= width) return { start: 0, end: text.length }
  let best = 0
  let most = 0
  let right = 0
  for (const [left, hit] of hits.entries()) {
    while (right < hits.length && (hits[right]?.end ?? 0) <= hit.start + width) right += 1
    if (right - left > most) [best, most] = [left, right - left]
  }
  const lead = Math.floor(width / 4)
  const first = hits[best]
  const wanted = first === undefined || first.end <= width ? 0 : Math.min(first.start - lead, text.length - width)
  const start = safeEnd(text, Math.max(0, wanted))
  return { start, end: safeEnd(text, start + width) }
}
