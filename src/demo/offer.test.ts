import { expect, it } from 'vitest'
import { offerOf, openToOthers } from './offer.ts'

const unasked = { demo: false, empty: false, publicUrl: undefined }

it.each(['127.0.0.1', '127.8.0.1', 'localhost', '::1'])('on %s the demo is loaded by itself', (host) => {
  expect(offerOf({ host, ...unasked })).toBe('load')
  expect(offerOf({ host, ...unasked, empty: true })).toBe('none')
})

it.each(['0.0.0.0', '::', '192.168.1.4', 'redress.example.org', '127.0.0.1.example.org'])(
  'on %s its published passwords are for nobody unless asked for',
  (host) => {
    expect(offerOf({ host, ...unasked })).toBe('withheld')
    expect(offerOf({ host, ...unasked, demo: true })).toBe('load')
    expect(offerOf({ host, ...unasked, demo: true, empty: true })).toBe('none')
  },
)

it.each(['https://complaints.example.org', 'http://192.168.1.4:8080', 'https://localhost.example.org/redress'])(
  'behind a proxy that serves %s it is withheld, though only this machine is listened to',
  (publicUrl) => {
    const reach = { host: '127.0.0.1', publicUrl }
    expect(offerOf({ ...reach, demo: false, empty: false })).toBe('withheld')
    expect(offerOf({ ...reach, demo: true, empty: false })).toBe('load')
    expect(openToOthers(reach)).toBe(publicUrl)
  },
)

it.each(['http://localhost:8080', 'https://127.0.0.1', 'http://[::1]:9000'])(
  'an address of this machine, %s, opens nothing to others',
  (publicUrl) => {
    expect(offerOf({ host: '127.0.0.1', publicUrl, demo: false, empty: false })).toBe('load')
  },
)
