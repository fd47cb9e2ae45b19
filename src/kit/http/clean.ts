import { cleanText } from '../pure/text.ts'
import { RefusalError } from '../pure/result.ts'

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Every string that comes in, made storable: NUL and lone surrogates replaced, line ends normalised (`cleanText`).
 * Keys that would reach a prototype are dropped; nesting deeper than 32 is refused.
 */
export function cleanJson(value: unknown, depth = 0): unknown {
  if (depth > 32) throw new RefusalError({ code: 'request.too-deep', status: 400 })
  if (typeof value === 'string') return cleanText(value).text
  if (Array.isArray(value)) return value.map((v) => cleanJson(v, depth + 1))
  if (value && typeof value === 'object') {
    const clean: Record<string, unknown> = {}
    for (const [k, v] of Object.entries(value)) if (!forbiddenKeys.has(k)) clean[k] = cleanJson(v, depth + 1)
    return clean
  }
  return value
}
