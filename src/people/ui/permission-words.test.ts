import { expect, test } from 'vitest'
import en from '../../web/locales/en.json' with { type: 'json' }
import hans from '../../web/locales/zh-Hans.json' with { type: 'json' }
import hant from '../../web/locales/zh-Hant.json' with { type: 'json' }
import { permissions } from '../permissions.ts'

test.each([
  ['en', en.permissions],
  ['zh-Hans', hans.permissions],
  ['zh-Hant', hant.permissions],
])('every permission has a name of its own in %s, and nothing else has', (_, words) => {
  const named = Object.entries(words).flatMap(([area, name]) =>
    typeof name === 'string' ? [[area, name]] : Object.entries(name).map(([verb, said]) => [`${area}.${verb}`, said]),
  )
  expect(named.map(([code]) => code).sort()).toEqual(Object.keys(permissions).sort())
  expect(new Set(named.map(([, name]) => name)).size).toBe(named.length)
})
