import { safeEnd } from '../../kit/pure/text.ts'
import { maxQuery } from './query.ts'

// Where no space is near, a cut may fall inside a word; the next chunk then begins well before that word.
const lookBack = 100

/**
 * Cuts a text into pieces of at most `size` code units for one search row each. Neighbours share `overlap` units,
 * so that a phrase of up to that length is whole in one of them. Pieces end at white space where one is near.
 */
export function chunks(text: string, size = 8000, overlap = Math.min(maxQuery, Math.floor(size / 4))): string[] {
  if (text.length <= size) return text === '' ? [] : [text]
  const found: string[] = []
  let start = 0
  while (start < text.length) {
    const end = cutAt(text, start, size)
    found.push(text.slice(start, end))
    if (end >= text.length) break
    start = Math.max(safeEnd(text, end - overlap), start + 1)
    start = safeEnd(text, start) === start ? start : start + 1
  }
  return found
}

function cutAt(text: string, start: number, size: number): number {
  const end = start + size
  if (end >= text.length) return text.length
  const near = Math.min(lookBack, Math.floor(size / 4))
  for (let at = end; at > end - near; at -= 1) if (/\s/.test(text.charAt(at))) return at
  const whole = safeEnd(text, end)
  return whole > start ? whole : end
}
