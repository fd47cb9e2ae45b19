import { expect, test } from 'vitest'
import en from '../../web/ui/words/en.ts'
import hans from '../../web/ui/words/zh-Hans.ts'
import hant from '../../web/ui/words/zh-Hant.ts'
import { permissions } from '../permissions.ts'

test.each([
  ['en', en.permissions ?? ''],
  ['zh-Hans', hans.permissions ?? ''],
  ['zh-Hant', hant.permissions ?? ''],
])('every permission has a name of its own in %s, and nothing else has', (_, words) => {
  const named = Object.entries(words).flatMap(([area, name]) =>
    typeof name === 'string' ? [[area, name]] : Object.entries(name).map(([verb, said]) => [`${area}.${verb}`, said]),
  )
  expect(named.map(([code]) => code).sort()).toEqual(Object.keys(permissions).sort())
  expect(new Set(named.map(([, name]) => name)).size).toBe(named.length)
})
