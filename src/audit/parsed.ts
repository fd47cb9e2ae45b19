import { canonicalJson } from '../kit/pure/jcs.ts'

/**
 * `canonicalJson` of a value that JSON.parse gave, in a third of the time: keys sorted in a copy, one native stringify.
 * Verification spends most of its time here. Objects whose keys look like array indexes keep an order of their own in
 * JavaScript and take the slow way.
 */
export function canonicalOfParsed(value: unknown): string {
  const sorted = sortedCopy(value)
  return sorted === slow ? canonicalJson(value) : JSON.stringify(sorted)
}

const slow = Symbol('slow')

function sortedCopy(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return slow
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const copy = value.map(sortedCopy)
    return copy.includes(slow) ? slow : copy
  }
  const keys = Object.keys(value).sort()
  const copy: Record<string, unknown> = {}
  for (const key of keys) {
    const first = key.charCodeAt(0)
    if ((first >= 48 && first <= 57) || key === '__proto__') return slow
    const inner = sortedCopy((value as Record<string, unknown>)[key])
    if (inner === slow) return slow
    copy[key] = inner
  }
  return copy
}

/** Whether two parsed JSON values say the same; the order of keys says nothing. */
export function sameParsed(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => sameParsed(x, b[i]))
  const keys = Object.keys(a)
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return (
    keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(right, k) && sameParsed(left[k], right[k]))
  )
}
