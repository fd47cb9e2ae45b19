import { expect, it } from 'vitest'
import { isQuiet } from './quiet.ts'

const noon = Date.UTC(2026, 2, 4, 12)
const night = { from: '22:00', to: '07:30' }
const lunch = { from: '12:00', to: '13:00' }

it.each([
  [null, null, '12:00', false],
  [null, night, '23:10', true],
  [null, night, '07:29', true],
  [null, night, '07:30', false],
  [null, lunch, '11:59', false],
  [null, lunch, '12:00', true],
  [null, lunch, '13:00', false],
  [null, { from: '09:00', to: '09:00' }, '09:00', false],
  [new Date(noon + 1).toISOString(), null, '12:00', true],
  [new Date(noon).toISOString(), null, '12:00', false],
])('until %s, daily %j, at %s: quiet %s', (until, daily, clock, quiet) => {
  expect(isQuiet({ until, daily }, noon, clock)).toBe(quiet)
})
