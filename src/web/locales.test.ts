import { expect, test } from 'vitest'
import en from './ui/words/en.ts'
import hans from './ui/words/zh-Hans.ts'
import hant from './ui/words/zh-Hant.ts'
import type { Words } from './ui/words/merged.ts'

const screens = import.meta.glob<string>(['../**/ui/**/*.{ts,tsx}', './desk/**/*.{ts,tsx}'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

function flat(tree: Words, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([k, v]): [string, string][] =>
    typeof v === 'string' ? [[path + k, v]] : flat(v, `${path}${k}.`),
  )
}
const files: Record<string, Map<string, string>> = {
  'zh-Hant': new Map(flat(hant)),
  'zh-Hans': new Map(flat(hans)),
  en: new Map(flat(en)),
}
const english = files.en ?? new Map<string, string>()
const names = (text: string) =>
  [...text.matchAll(/{{(\w+)}}/g)].map((m) => (m[1] ?? '').toLowerCase().replace(/s$/, ''))

test.each(['zh-Hant', 'zh-Hans'])('%s says everything English says, with the same values in it', (locale) => {
  const words = files[locale] ?? new Map<string, string>()
  expect([...words.keys()].sort()).toEqual([...english.keys()].sort())
  for (const [key, text] of words) {
    expect(text, key).not.toBe('')
    const values = new Set(names(english.get(key) ?? ''))
    // A term (客訴, 顧客) may stand where English needs none, and the other way round.
    const own = names(text).filter((n) => n !== 'term' && n !== 'person')
    expect(
      own.every((n) => values.has(n)),
      `${key}: ${text}`,
    ).toBe(true)
  }
})

test('simplified Chinese is written in mainland words', () => {
  for (const [key, text] of files['zh-Hans'] ?? []) expect(text, key).not.toMatch(/[訴單責個們這說請時間開關麼顯儲]/)
})

test('every fixed key a screen asks for exists', () => {
  const missing: string[] = []
  for (const [file, text] of Object.entries(screens)) {
    for (const [, key] of text.matchAll(/\bt\(\s*'([^'$]+)'/g))
      if (key && !english.has(key)) missing.push(`${file}: ${key}`)
  }
  expect(Object.keys(screens).length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})
