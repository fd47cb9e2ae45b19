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
