/**
 * RFC 8785 canonical JSON: the one text of a value that a hash may be taken of.
 * Numbers as ECMAScript prints them, keys by UTF-16 code units, no white space.
 *
 * Throws TypeError for what JSON cannot say without loss: NaN, ±Infinity, lone surrogates, undefined (also as a
 * property or a hole in an array), bigint, functions, symbols, and objects that are not plain (Date, Map, Buffer …).
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value)
    case 'number':
      return canonicalNumber(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value)
    default:
      throw new TypeError(`canonical JSON cannot hold ${typeof value}`)
  }
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON cannot hold a lone surrogate')
  return JSON.stringify(text)
}

function canonicalNumber(number: number): string {
  if (!Number.isFinite(number)) throw new TypeError(`canonical JSON cannot hold ${number}`)
  return JSON.stringify(number)
}

function canonicalArray(items: readonly unknown[]): string {
  // Array.from, because map would skip the holes that must be refused.
  return `[${Array.from(items, canonicalJson).join(',')}]`
}

function canonicalObject(object: object): string {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== null && prototype !== Object.prototype) {
    throw new TypeError('canonical JSON holds plain objects only')
  }
  const entries: [string, unknown][] = Object.entries(object)
  // Never localeCompare: < compares UTF-16 code units, as the RFC asks.
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, value]) => `${canonicalString(key)}:${canonicalJson(value)}`).join(',')}}`
}
