import type { Word } from './words.ts'

/** Bodies outside the organisation, nearest first, by the jurisdiction of the place (domain.md §2). */
const ladders: Readonly<Record<string, readonly Word[]>> = {
  TW: ['outside.TW.1', 'outside.TW.2', 'outside.TW.3'],
  CN: ['outside.CN.1', 'outside.CN.2', 'outside.CN.3'],
  GB: ['outside.GB.1', 'outside.GB.2', 'outside.GB.3'],
  HK: ['outside.HK.1', 'outside.HK.2'],
}

export type Ladder = { readonly jurisdiction: Word; readonly steps: readonly Word[] }

/** Where whoever reads this language most likely is. */
const near: Readonly<Record<string, string>> = { 'zh-Hant': 'TW', 'zh-Hans': 'CN', en: 'GB' }

/** The ladders of these jurisdictions, each once, the reader's likely own first; the generic one where none is known. */
export function outsideRoutes(jurisdictions: readonly string[], locale: string): readonly Ladder[] {
  const own = jurisdictions.filter((j) => j === near[locale])
  const known = [...new Set([...own, ...jurisdictions])].flatMap((j) => {
    const steps = ladders[j]
    return steps ? [{ jurisdiction: `place.${j}` as Word, steps }] : []
  })
  const foreign = jurisdictions.some((j) => !ladders[j]) || known.length === 0
  return foreign ? [...known, { jurisdiction: 'place.other', steps: ['outside.other.1'] }] : known
}
