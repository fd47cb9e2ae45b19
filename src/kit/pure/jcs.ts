/**
 * RFC 8785 canonical JSON: the one text of a value that a hash may be taken of.
 * Numbers as ECMAScript prints them, keys by UTF-16 code units, no white space.
 *
 * Throws TypeError for what JSON cannot say without loss: NaN, ±Infinity, lone surrogates, undefined (also as a
 * property or a hole in an array), bigint, functions, symbols, and objects that are not plain (Date, Map, Buffer …).
 *
 * Verifying a history is mostly this function: it builds one string, and remembers how the keys it meets are ordered.
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

/** ASCII that needs no escape: ids, codes and hashes, which most strings are. */
const plain = /^[ !#-[\]-~]*$/

function canonicalString(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new TypeError('canonical JSON cannot hold a lone surrogate')
  return JSON.stringify(text)
}

function canonicalNumber(number: number): string {
  if (!Number.isFinite(number)) throw new TypeError(`canonical JSON cannot hold ${number}`)
  return `${number}`
}

function canonicalArray(items: readonly unknown[]): string {
  let text = '['
  // By index, because map would skip the holes that must be refused.
  for (let i = 0; i < items.length; i += 1) text += i === 0 ? canonicalJson(items[i]) : `,${canonicalJson(items[i])}`
  return `${text}]`
}

function canonicalObject(object: object): string {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== null && prototype !== Object.prototype) {
    throw new TypeError('canonical JSON holds plain objects only')
  }
  const { keys, labels } = orderOf(Object.keys(object))
  if (keys.length === 0) return '{}'
  const values = object as Readonly<Record<string, unknown>>
  let text = ''
  for (let i = 0; i < keys.length; i += 1) text += (labels[i] ?? '') + canonicalJson(values[keys[i] ?? ''])
  return `${text}}`
}

/** Keys in canonical order, and what stands before each value: `{"a":`, `,"b":`. */
type Order = { readonly keys: readonly string[]; readonly labels: readonly string[] }
type Step = { readonly next: Map<string, Step>; order: Order | undefined }

const start: Step = { next: new Map(), order: undefined }
let steps = 0
/** Histories have some hundred kinds of objects. What goes beyond is sorted each time, so that memory stays bounded. */
const stepsAtMost = 5_000
const keysAtMost = 40

function orderOf(keys: string[]): Order {
  if (keys.length > keysAtMost) return sorted(keys)
  let step = start
  for (const key of keys) {
    let next = step.next.get(key)
    if (!next) {
      if (steps >= stepsAtMost) return sorted(keys)
      steps += 1
      next = { next: new Map(), order: undefined }
      step.next.set(key, next)
    }
    step = next
  }
  return (step.order ??= sorted(keys))
}

function sorted(keys: string[]): Order {
  // Never localeCompare: sort() without a function compares UTF-16 code units, as the RFC asks.
  keys.sort()
  return { keys, labels: keys.map((key, i) => `${i === 0 ? '{' : ','}${canonicalString(key)}:`) }
}
