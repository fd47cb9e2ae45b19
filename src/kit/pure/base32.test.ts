import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { formatReference, makeReference, parseReference } from './base32.ts'

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ']
const references = fc.uint8Array({ minLength: 9, maxLength: 9 }).map(makeReference)

describe('a reference read over a telephone', () => {
  it('is ten characters that no one can confuse', () => {
    fc.assert(
      fc.property(references, (reference) => {
        expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
      }),
    )
  })

  it('reads back as it was made, grouped or not', () => {
    fc.assert(
      fc.property(references, (reference) => {
        expect(parseReference(reference)).toBe(reference)
        expect(parseReference(formatReference(reference))).toBe(reference)
      }),
    )
  })

  it('finds every single wrong character', () => {
    fc.assert(
      fc.property(references, (reference) => {
        for (let at = 0; at < 10; at++) {
          for (const wrong of ALPHABET) {
            const heard = reference.slice(0, at) + wrong + reference.slice(at + 1)
            if (heard !== reference) expect(parseReference(heard)).toBeUndefined()
          }
        }
      }),
    )
  })

  it('finds every swap of two characters, adjacent or not', () => {
    fc.assert(
      fc.property(references, (reference) => {
        for (let first = 0; first < 9; first++) {
          for (let second = first + 1; second < 10; second++) {
            const swapped = swap(reference, first, second)
            if (swapped !== reference) expect(parseReference(swapped)).toBeUndefined()
          }
        }
      }),
    )
  })

  it('finds them for every pair of characters at every adjacent place, not only by luck', () => {
    // The check is linear, so zeros elsewhere lose no case: all 9 × 32 × 32 swaps next to each other.
    for (let at = 0; at < 8; at++) {
      for (let a = 0; a < 32; a++) {
        for (let b = 0; b < 32; b++) {
          const bytes = new Uint8Array(9)
          bytes[at] = a
          bytes[at + 1] = b
          const reference = makeReference(bytes)
          if (a !== b) expect(parseReference(swap(reference, at, at + 1))).toBeUndefined()
        }
      }
    }
  })
})

describe('what people type', () => {
  const reference = makeReference(Uint8Array.from([1, 0, 10, 11, 12, 13, 31, 0, 1]))
  const spoken = reference.toLowerCase().replaceAll('0', 'o').replace('1', 'i').replace('1', 'L')

  test.each([
    ['lower case, o for 0, i and L for 1', spoken],
    ['spaces', ` ${[...reference].join(' ')}\n`],
    ['dashes of every kind', [...reference].join('-').replace('-', '–').replace('-', '—').replace('-', 'ー')],
    ['full-width characters', reference.replace(/./g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
    ['a zero-width space from copying', `${reference.slice(0, 5)}\u200b${reference.slice(5)}`],
  ])('%s', (_what, text) => {
    expect(parseReference(text)).toBe(reference)
  })

  test.each([
    [''],
    ['UUUUUUUUUU'],
    ['0'.repeat(9)],
    ['0'.repeat(11)],
    ['退款退款退款退款退款'],
    ['x'.repeat(1_000_000)],
  ])('refuses %#: not a reference', (text) => {
    expect(parseReference(text)).toBeUndefined()
  })

  it('is grouped for reading', () => {
    expect(formatReference('ABCDEFGHJK')).toBe('ABCDE-FGHJK')
  })
})

it('refuses too little randomness', () => {
  expect(() => makeReference(new Uint8Array(8))).toThrow(RangeError)
})

function swap(text: string, first: number, second: number): string {
  const characters = [...text]
  const kept = characters[first] ?? ''
  characters[first] = characters[second] ?? ''
  characters[second] = kept
  return characters.join('')
}
