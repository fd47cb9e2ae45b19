import { fold, readingsOf } from '../language/index.ts'

const mostParts = 6
const longest = 40
const startsHere = /\p{Script=Han}|(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu

/**
 * What a name is found by, as rows under a btree index: from each of its characters (or words) to its end, 繁 and 簡 alike,
 * and its sounds (拼音, 注音, whole and by initials). All begin with `name:`, so that no name is taken for a number.
 */
export function nameKeys(name: string): string[] {
  const folded = fold(name.slice(0, 200)).toLowerCase().trim()
  const parts = [...folded.matchAll(startsHere)]
    .slice(0, mostParts)
    .map((m) => folded.slice(m.index, m.index + longest))
  return [...new Set([...parts, ...readingsOf(name.slice(0, longest))])].map((key) => `name:${key}`)
}

/** The ranges of such keys that begin with what was typed; typed sounds may have spaces between them. */
export function nameRanges(typed: string): { from: string; to: string }[] {
  const folded = fold(typed.slice(0, longest)).toLowerCase().trim()
  const close = folded.replaceAll(/\s+/g, '')
  return [...new Set([folded, close])]
    .filter((text) => text !== '')
    .map((text) => ({ from: `name:${text}`, to: `name:${text}\u{10ffff}` }))
}
