import { expect, test } from 'vitest'
import { goodPassword } from './password-rule.ts'

test.each([
  ['九個字的密碼不夠長', 'short'],
  ['十個字的密碼就夠長了', undefined],
  ['correct horse battery', undefined],
  ['aaaaaaaaaaaa', 'common'],
  ['Password123', 'common'],
  ['tom@harbour.example', 'mail'],
  ['x'.repeat(100) + 'yzab'.repeat(26), 'long'],
])('%s', (password, reason) => {
  const result = goodPassword(password, 'tom@harbour.example')
  expect(result.ok ? undefined : result.refusal.facts?.reason).toBe(reason)
})
