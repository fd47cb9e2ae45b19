import { expect, test } from 'vitest'
import { makeLimits, makeTries } from './limits.ts'

test('a caller is held back above its allowance and let on a minute later; others are not', () => {
  const limits = makeLimits()
  const send = (address: string, now: number) => limits.count('submit', address, 3, now)
  for (let i = 0; i < 3; i++) send('a', 0)
  expect(() => send('a', 1000)).toThrow('request.too-many')
  expect(() => send('b', 1000)).not.toThrow()
  expect(() => send('a', 60_001)).not.toThrow()
})

test('five wrong codes are free, then each one doubles the wait up to a quarter of an hour', () => {
  const tries = makeTries()
  let now = 0
  const waits: number[] = []
  for (let i = 0; i < 14; i++) {
    tries.wrong('r', now)
    let wait = 0
    for (; wait < 2_000_000; wait += 5000) {
      try {
        tries.check('r', now + wait)
        break
      } catch {}
    }
    waits.push(wait / 1000)
    now += wait
  }
  expect(waits).toEqual([0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900, 900])
  tries.right('r')
  expect(() => tries.check('r', now)).not.toThrow()
})
