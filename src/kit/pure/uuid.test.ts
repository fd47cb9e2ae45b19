import { expect, it, test } from 'vitest'
import { isUuid, uuidTime, uuidv7 } from './uuid.ts'

it('writes the example of RFC 9562, appendix A.6', () => {
  const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex')
  expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

it('sorts by time and gives the time back', () => {
  const early = uuidv7(1_700_000_000_000, new Uint8Array(10).fill(255))
  const late = uuidv7(1_700_000_000_001, new Uint8Array(10))
  expect(early < late).toBe(true)
  expect(uuidTime(late)).toBe(1_700_000_000_001)
})

test.each([[-1], [1.5], [Number.NaN], [2 ** 48]])('refuses the time %s', (time) => {
  expect(() => uuidv7(time, new Uint8Array(10))).toThrow(RangeError)
})

it('refuses too few random bytes', () => {
  expect(() => uuidv7(0, new Uint8Array(9))).toThrow(RangeError)
})

test.each<[unknown, boolean]>([
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', true],
  ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', false],
  ['017f22e279b07cc398c4dc0c0c07398f', false],
  ['017f22e2-79b0-7cc3-18c4-dc0c0c07398f', false],
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n', false],
  ["' or 1=1", false],
  [42, false],
])('%j is a uuid: %s', (text, expected) => {
  expect(isUuid(text)).toBe(expected)
})
