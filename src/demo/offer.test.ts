import { expect, it } from 'vitest'
import { offerOf } from './offer.ts'

const unasked = { demo: false, empty: false }

it.each(['127.0.0.1', '127.8.0.1', 'localhost', '::1'])('on %s the demo is loaded by itself', (host) => {
  expect(offerOf({ host, ...unasked })).toBe('load')
  expect(offerOf({ host, demo: false, empty: true })).toBe('none')
})

it.each(['0.0.0.0', '::', '192.168.1.4', 'redress.example.org', '127.0.0.1.example.org'])(
  'on %s its published passwords are for nobody unless asked for',
  (host) => {
    expect(offerOf({ host, ...unasked })).toBe('withheld')
    expect(offerOf({ host, demo: true, empty: false })).toBe('load')
    expect(offerOf({ host, demo: true, empty: true })).toBe('none')
  },
)
