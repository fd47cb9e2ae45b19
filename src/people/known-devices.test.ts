import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { deviceMark, deviceOfCookies, deviceSetCookie, isKnownDevice } from './known-devices.ts'

const key = randomBytes(32)

test('a browser is known for the account it signed in to, and for no other', () => {
  const cookie = deviceSetCookie(deviceMark(key, 'mei@shop.example'), 'https://desk.example').split(';')[0]
  const mark = deviceOfCookies(`other=1; ${cookie}`)
  expect(isKnownDevice(key, mark, ' Mei@Shop.example')).toBe(true)
  expect(isKnownDevice(key, mark, 'lead@shop.example')).toBe(false)
  expect(isKnownDevice(randomBytes(32), mark, 'mei@shop.example')).toBe(false)
  for (const forged of [undefined, '', '.', 'x.y', `${mark}x`])
    expect(isKnownDevice(key, forged, 'mei@shop.example')).toBe(false)
})
