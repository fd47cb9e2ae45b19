import { expect, test } from 'vitest'
import { canTell, channels, fromAuthority } from './index.ts'

test.each([
  ['phone', 'complainant', 'portal', true],
  ['letter', 'authority', 'regulator_referral', true],
  ['regulator_referral', 'complainant', 'regulator_referral', false],
  ['regulator_referral', 'authority', 'regulator_referral', true],
  ['line', 'authority', 'line', false],
  ['google_review', 'complainant', 'google_review', true],
  ['google_review', 'complainant', 'phone', false],
  ['suggestion_box', 'complainant', 'suggestion_box', false],
  ['media', 'complainant', 'media', false],
  ['pigeon', 'complainant', 'pigeon', false],
] as const)('in %s an answer reaches the %s of what came by %s: %s', (kind, to, came, can) =>
  expect(canTell(kind, to, came)).toBe(can),
)

test('authorities are told at least in one way, and nothing of theirs is the complainant’s', () => {
  expect(channels.some((c) => canTell(c.kind, 'authority', 'phone'))).toBe(true)
  expect(channels.filter((c) => fromAuthority(c.kind) && canTell(c.kind, 'complainant', c.kind))).toEqual([])
})
