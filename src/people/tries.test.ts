import { expect, test } from 'vitest'
import { accountKey } from './tries.ts'

test.each([
  ['one household of IPv6', '2001:db8:0:7::1', '2001:db8::7:aaaa:bbbb:cccc:dddd', true],
  ['another household', '2001:db8:0:7::1', '2001:db8:0:8::1', false],
  ['IPv4 written as IPv6', '203.0.113.9', '::ffff:203.0.113.9', true],
  ['neighbours of IPv4', '203.0.113.9', '203.0.113.10', false],
])('%s', (_, one, other, same) => {
  expect(accountKey('a@b.example', one).what === accountKey('a@b.example', other).what).toBe(same)
})
