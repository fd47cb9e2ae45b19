import { fold } from '../../kit/pure/text-fold.ts'
import { runs, stem, wordOf } from '../../kit/pure/text-scan.ts'
import { quoted } from './lexeme.ts'
import { pairs } from './query.ts'

/** Looked at; a complaint says in its first lines what it is about. */
const maxText = 1_200
const mostTerms = 40
const phraseLength = 4

/**
 * A `tsquery` text for what says nearly the same: any of the text's short phrases (four CJK characters, two neighbouring
 * words). Single words and pairs would find half of everything. Null where there are too few to be alike by.
 */
export function alikeQuery(text: string): string | null {
  const folded = fold(text.slice(0, maxText))
  const terms: string[] = []
  let before: string | undefined
  for (const run of runs(folded)) {
    if (run.kind === 'word') {
      const word = stem(wordOf(folded, run))
      const long = word.length > 2
      if (before && long) terms.push(`(${quoted(before)} & ${quoted(word)})`)
      before = long ? word : before
      continue
    }
    before = undefined
    const characters = Array.from(folded.slice(run.start, run.end))
    for (let i = 0; i + phraseLength <= characters.length; i += 2)
      terms.push(
        `(${pairs(characters.slice(i, i + phraseLength).join(''))
          .map(quoted)
          .join(' <-> ')})`,
      )
  }
  const unique = [...new Set(terms)]
  if (unique.length < 2) return null
  const step = Math.max(1, unique.length / mostTerms)
  return Array.from({ length: Math.min(mostTerms, unique.length) }, (_, i) => unique[Math.floor(i * step)]).join(' | ')
}
