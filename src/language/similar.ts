import { fold } from '../kit/pure/text-fold.ts'
import { runs, stem, wordOf } from '../kit/pure/text-scan.ts'

const hashes = 48
const kept = 32
const rowsPerBand = 3
const maxText = 20_000

/**
 * The shingles of a text as 31-bit numbers: pairs of CJK characters (a lone one by itself) and singular words.
 * Folded, so script, width and case make no difference; punctuation and order of sentences do not count.
 */
export function shingles(text: string): Set<number> {
  const folded = fold(text.slice(0, maxText))
  const found = new Set<number>()
  for (const run of runs(folded)) {
    if (run.kind === 'word') found.add(hashText(stem(wordOf(folded, run))))
    else {
      const characters = Array.from(folded.slice(run.start, run.end))
      if (characters.length === 1) found.add(hashText(characters[0] ?? ''))
      for (let i = 1; i < characters.length; i += 1) found.add(hashText(`${characters[i - 1]}${characters[i]}`))
    }
  }
  return found
}

/** 32 min-hashes, each 0 … 2³¹−1; [] for a text without letters or digits. Looks at the first 20,000 characters. */
export function signature(text: string): number[] {
  return minHashes(shingles(text)).slice(0, kept)
}

/** Estimated Jaccard similarity of two signatures, 0 … 1 (standard error ≤ 0.09); 0 when either is empty. */
export function similarity(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length)
  if (length === 0) return 0
  let same = 0
  for (let i = 0; i < length; i += 1) if (a[i] === b[i]) same += 1
  return same / length
}

/** Exact Jaccard similarity of two texts' shingles, for the few candidates that the keys bring up. */
export function exactSimilarity(a: string, b: string): number {
  const left = shingles(a)
  const right = shingles(b)
  let shared = 0
  for (const shingle of left) if (right.has(shingle)) shared += 1
  return shared === 0 ? 0 : shared / (left.size + right.size - shared)
}

/**
 * 16 keys (0 … 2³¹−1) for rows under a btree index: texts of Jaccard s share one with probability 1 − (1 − s³)¹⁶, that
 * is 0.998 at 0.7, 0.88 at 0.5, 0.12 at 0.2. Check candidates with `similarity`. [] for a text without letters.
 */
export function bandKeys(text: string): number[] {
  const all = minHashes(shingles(text))
  const keys: number[] = []
  for (let at = 0; at < all.length; at += rowsPerBand) {
    let key = at
    for (const value of all.slice(at, at + rowsPerBand)) key = mix(Math.imul(key, 31) + value)
    keys.push(key >>> 1)
  }
  return keys
}

function minHashes(found: ReadonlySet<number>): number[] {
  if (found.size === 0) return []
  const least = new Uint32Array(hashes).fill(0xffffffff)
  for (const shingle of found)
    for (let i = 0; i < hashes; i += 1) {
      const value = mix(shingle ^ (seeds[i] ?? 0))
      if (value < (least[i] ?? 0)) least[i] = value
    }
  return [...least].map((value) => value >>> 1)
}

/** FNV-1a over code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash) >>> 1
}

/** Finalizer of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const seeds = Uint32Array.from({ length: hashes }, (_, i) => mix(i + 1))
