import { expect, test } from 'vitest'
import { tokenBuckets } from './rate.ts'

test('a bucket gives its burst, then refills, one a caller', () => {
  let now = 0
  const spend = tokenBuckets({ perSecond: 2, burst: 3 }, () => now)
  for (let i = 0; i < 3; i++) spend('a')
  expect(() => spend('a')).toThrow('request.too-many')
  spend('b')
  now = 500
  spend('a')
  expect(() => spend('a')).toThrow('request.too-many')
  now = 60_000
  for (let i = 0; i < 3; i++) spend('a')
  expect(() => spend('a')).toThrow('request.too-many')
})
