import { expect, it } from 'vitest'
import { connectionLimit, networkOf, senderLimit } from './limits.ts'

const outside = '203.0.113.7'
const minute = 60_000

it('a sender from outside hands so many in a minute, five minutes, an hour; others go on', () => {
  const may = senderLimit(50)
  const from = (sender: string, now: number, n: number) =>
    Array.from({ length: n }, () => may(outside, sender, now)).filter(Boolean).length
  expect(from('lin@x.example', 0, 1_000)).toBe(50)
  expect(from('LIN@x.example', 59_999, 10)).toBe(0)
  expect(from('mei@x.example', 0, 10)).toBe(10)
  expect(from('lin@x.example', minute, 1_000)).toBe(50)
  expect(from('lin@x.example', 2 * minute, 1_000)).toBe(20)
  expect(from('lin@x.example', 3 * minute, 1_000)).toBe(0)
  let hour = 120
  for (let at = 5; at < 60; at++) hour += from('lin@x.example', at * minute, 1_000)
  expect(hour).toBe(600)
  expect(from('lin@x.example', 60 * minute, 10)).toBe(10)
})

it('a relay beside us brings everybody’s mail', () => {
  const may = senderLimit(1)
  expect([1, 2, 3].every(() => may('10.0.0.5', 'lin@x.example', 0))).toBe(true)
})

it('one address holds only so many connections', () => {
  const limit = connectionLimit(2)
  expect(['a', 'b', 'c'].map((id) => limit.opened(id, outside))).toEqual([true, true, false])
  expect(limit.opened('d', '203.0.113.8')).toBe(true)
  limit.closed('c')
  expect(limit.opened('e', outside)).toBe(false)
  limit.closed('a')
  expect(limit.opened('f', outside)).toBe(true)
  expect(['g', 'h', 'i'].map((id) => limit.opened(id, '127.0.0.1'))).toEqual([true, true, true])
})

it('a stranger who writes under a partner’s address uses up nothing of theirs', () => {
  const may = senderLimit(10)
  const times = (ip: string, n: number) =>
    Array.from({ length: n }, () => may(ip, 'partner@x.example', 0)).filter(Boolean).length
  expect(times('198.51.100.7', 5_000)).toBe(10)
  expect(times('198.51.100.99', 10)).toBe(0)
  expect(times(outside, 10)).toBe(10)
  expect(times('2001:db8:0:1::5', 50)).toBe(10)
  expect(times('2001:db8::1:ffff:0:0:1', 50)).toBe(0)
  expect(times('2001:db8:0:2::5', 50)).toBe(10)
})

it.each([
  ['203.0.113.7', '203.0.113'],
  ['::ffff:203.0.113.7', '203.0.113'],
  ['2001:0DB8:0000:0001::1', '2001:db8:0:1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
])('the network of %s is %s', (ip, network) => expect(networkOf(ip)).toBe(network))

it('whoever has a network of IPv6 addresses holds no more connections than one address', () => {
  const limit = connectionLimit(2)
  expect(['a', 'b', 'c'].map((id, i) => limit.opened(id, `2001:db8::${i + 1}`))).toEqual([true, true, false])
})
