import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { canonicalJson } from './jcs.ts'

/** RFC 8785, appendix B: IEEE 754 bits (hex) → text. */
const numbers: [string, string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
]

describe('canonical JSON is the text RFC 8785 prescribes', () => {
  test.each(numbers)('bits %s are written %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })

  it('writes the sample of section 3.2.2', () => {
    const sample: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`)
    expect(canonicalJson(sample)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  it('orders keys as section 3.2.3 does: code units, so an emoji comes before U+FB33', () => {
    const sample = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const values = [...canonicalJson(sample).matchAll(/:"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1])
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it('is the same text whatever order the keys were set in, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(canonicalJson(JSON.parse(text, reverseKeys))).toBe(text)
      }),
    )
  })
})

/** The plain reading of the RFC, key by key: slow, and what the quick one is held against. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${plainly(inner)}`).join(',')}}`
}

describe('canonical JSON says what the plain reading of the RFC says', () => {
  it('for any value, control characters, quotes and scripts included', () => {
    for (const stringUnit of ['grapheme', 'binary-ascii', 'grapheme-ascii'] as const)
      fc.assert(
        fc.property(fc.jsonValue({ stringUnit, maxDepth: 5 }), (value) => canonicalJson(value) === plainly(value)),
        { numRuns: 700 },
      )
  })
  it.each(['{"10":1,"9":2,"a":{"2":1,"10":0}}', '{"b":1,"a":[{"d":1,"c":null}],"中":"文"}', '{"":0,"__proto__":1}'])(
    'for keys that JavaScript orders its own way: %s',
    (text) => expect(canonicalJson(JSON.parse(text))).toBe(plainly(JSON.parse(text))),
  )
  it('for more kinds of objects than it remembers, and objects with thousands of keys', () => {
    for (let i = 0; i < 7_000; i += 1) {
      const object = { [`b${i}`]: 1, [`a${i}`]: i }
      expect(canonicalJson(object)).toBe(plainly(object))
    }
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${(i * 7919) % 5_000}`, i]))
    expect(canonicalJson(wide)).toBe(plainly(wide))
  })
})

describe('canonical JSON refuses what it would lose', () => {
  test.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['Infinity', { amount: Number.NEGATIVE_INFINITY }],
    ['a lone high surrogate', ['\ud83d']],
    ['a lone low surrogate in a key', { '\ude00': 1 }],
    ['undefined', undefined],
    ['an undefined property', { note: undefined }],
    ['a lone surrogate in a key of a kind met before', [{ a: 1 }, { a: '\ud83d' }]],
    ['a hole in an array', Array(1)],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', Buffer.from('x')],
    ['a bigint', 1n],
    ['a function', () => 1],
  ])('%s', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })
})

function reverseKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toReversed())
}
