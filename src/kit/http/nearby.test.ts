import { expect, test } from 'vitest'
import { isNearby } from './nearby.ts'

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:10.1.2.3', true],
  ['172.31.255.255', true],
  ['172.32.0.1', false],
  ['192.168.7.7', true],
  ['fd12::1', true],
  ['fe80::1%eth0', true],
  ['8.8.8.8', false],
  ['::ffff:8.8.8.8', false],
  ['2001:db8::1', false],
  ['unknown', false],
])('%s is nearby: %s', (ip, is) => expect(isNearby(ip)).toBe(is))
