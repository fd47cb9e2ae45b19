import { expect, it } from 'vitest'
import { retryMs } from './live.ts'

it('an office does not come back all at once: half to one and a half of the wait, which grows to 30 seconds', () => {
  expect([0, 0.5, 1].map((chance) => retryMs(0, chance))).toEqual([500, 1_000, 1_500])
  expect([1, 2, 3, 4, 99].map((failures) => retryMs(failures, 0.5))).toEqual([2_000, 5_000, 10_000, 30_000, 30_000])
})
