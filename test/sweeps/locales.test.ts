import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { channels } from '../../src/channels/index.ts'
import { commands } from '../../src/complaints/contract.ts'
import { isoWorkflow } from '../../src/complaints/domain/workflow.ts'
import codes from '../../src/seeds/codes.json' with { type: 'json' }

// Three languages, equals: what one can say, each can say, and everything the system names has a name in each.

const root = fileURLToPath(new URL('../..', import.meta.url))
const languages = ['zh-Hant', 'zh-Hans', 'en'] as const
type Language = (typeof languages)[number]

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? filesUnder(join(folder, e.name)) : [join(folder, e.name)],
  )
}
const sources = filesUnder(join(root, 'src'))
const folders = [
  ...new Set(sources.filter((f) => basename(dirname(f)) === 'locales' && f.endsWith('.json')).map(dirname)),
]

/** Every sentence of a locale file by its dotted name. */
function sentences(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as object).flatMap(([k, v]) => sentences(v, path === '' ? k : `${path}.${k}`))
}
const load = (folder: string, language: Language) =>
  new Map(sentences(JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8'))))
/** i18next forms of number: English has two, Chinese one. */
const one = (key: string) => key.replace(/_(one|other|zero)$/, '')
/** What a sentence names; the words of the term set are grammar, not values. */
const variables = (text: string) =>
  [...text.matchAll(/\{\{?\s*([\w.]+)[^}]*\}?\}/g)]
    .map((m) => m[1] ?? '')
    .filter((v) => !/^(terms?|person)$/i.test(v))
    .sort()

describe.each(folders.map((f) => [relative(root, f), f] as const))('%s', (_name, folder) => {
  const texts = Object.fromEntries(languages.map((l) => [l, load(folder, l)])) as Record<Language, Map<string, string>>
  const keysOf = (l: Language) => [...new Set([...texts[l].keys()].map(one))].sort()

  it('has exactly the three languages', () => {
    expect(readdirSync(folder).sort()).toEqual(['en.json', 'zh-Hans.json', 'zh-Hant.json'])
  })

  it.each(['zh-Hans', 'en'] as const)('has the keys of zh-Hant in %s', (language) => {
    expect(keysOf(language)).toEqual(keysOf('zh-Hant'))
  })

  it.each(languages)('has no empty sentence in %s', (language) => {
    expect([...texts[language]].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
  })

  it('puts the same values into each sentence in every language', () => {
    const wrong: string[] = []
    for (const [key, text] of texts.en)
      for (const language of ['zh-Hant', 'zh-Hans'] as const) {
        const other =
          texts[language].get(key) ?? texts[language].get(one(key)) ?? texts[language].get(`${one(key)}_other`)
        // "One day" need not say the number.
        const counted = (all: string[]) => (/_(one|zero)$/.test(key) ? all.filter((v) => v !== 'count') : all)
        if (
          other !== undefined &&
          [...new Set(counted(variables(other)))].join() !== [...new Set(counted(variables(text)))].join()
        )
          wrong.push(`${language} ${key}`)
      }
    expect(wrong).toEqual([])
  })

  it('is written in the characters of its language', () => {
    const simplifiedOnly = /[们这诉复应户题讯订单说时间页关开]/
    const traditionalOnly = /[們這訴復應戶題訊訂單說時間頁關開]/
    const named = (key: string) => /(^|\.)(lang|locales|language)\b|zh-Han/.test(key)
    const mixed = (language: Language, wrong: RegExp) =>
      [...texts[language]]
        .filter(([key, text]) => !named(key) && wrong.test(text))
        .map(([key, text]) => `${key}: ${text}`)
    expect(mixed('zh-Hant', simplifiedOnly)).toEqual([])
    expect(mixed('zh-Hans', traditionalOnly)).toEqual([])
    expect(
      [...texts.en]
        .filter(([key, text]) => !named(key) && /\p{Script=Han}/u.test(text.replace(/（[^）]*）|\([^)]*\)/g, '')))
        .map(([k, t]) => `${k}: ${t}`),
    ).toEqual([])
  })
})

describe('the desk says', () => {
  const ofDesk = folders.filter((f) => !f.endsWith(join('portal', 'locales')))
  const desk = Object.fromEntries(languages.map((l) => [l, new Map(ofDesk.flatMap((f) => [...load(f, l)]))])) as Record<
    Language,
    Map<string, string>
  >

  it('each sentence in one place', () => {
    const keys = ofDesk.flatMap((f) => [...load(f, 'en').keys()])
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  const missing = (section: string, names: readonly string[]) =>
    languages.flatMap((l) =>
      names
        .filter((n) => ![...desk[l].keys()].some((key) => one(key) === `${section}.${n}`))
        .map((n) => `${l} ${section}.${n}`),
    )

  it('every state of the process', () => {
    expect(
      missing(
        'states',
        isoWorkflow.states.map((s) => s.name),
      ),
    ).toEqual([])
  })

  it('every action', () => {
    expect(missing('actions', Object.keys(commands))).toEqual([])
  })

  it('every kind of clock', () => {
    expect(missing('clocks', clockKinds)).toEqual([])
  })

  it('every type of event', () => {
    expect(eventTypes.length).toBeGreaterThan(25)
    expect(missing('events', eventTypes)).toEqual([])
  })

  it('every refusal people can meet there', () => {
    expect(refusals.length).toBeGreaterThan(60)
    expect(
      missing(
        'problem',
        refusals.map((code) => code.replaceAll('.', '-')),
      ),
    ).toEqual([])
  })
})

const text = (pattern: RegExp) =>
  sources
    .filter(
      (f) => pattern.test(relative(root, f)) && f.endsWith('.ts') && !/\.test\.ts$|-world\.ts$|\/testing\//.test(f),
    )
    .map((f) => readFileSync(f, 'utf8'))
    .join('\n')
const all = (source: string, pattern: RegExp) =>
  [...new Set([...source.matchAll(pattern)].map((m) => m[1] ?? ''))].sort()
const eventTypes = all(text(/^src\/complaints\/domain\//), /\bevent\(\s*'([a-z_]+)'/g)
const clockKinds = ['acknowledge', 'first_reply', 'next_update', 'resolve', 'statutory', 'promise', 'stage'].filter(
  (k) => text(/^src\/(complaints|clocks|seeds)\//).includes(`'${k}'`),
)
// Refusals of the portal are said by the portal, those of calendars while calendars are written by hand.
const refusals = all(
  text(/^src\/(?!portal|demo|web|audit|kit\/client)/),
  /(?:refuse\(|code: )\s*'([a-z]+\.[a-z0-9-]+)'/g,
).filter((code) => !code.startsWith('clocks.'))

describe('what the system names itself', () => {
  const whole = (labels: object) =>
    ['zhHant', 'zhHans', 'en'].every((l) => (labels as Record<string, string>)[l]?.trim())
  it('every channel', () => {
    expect(channels.filter((c) => !whole(c.labels)).map((c) => c.kind)).toEqual([])
  })

  it('every code of every list', () => {
    const lost = Object.entries(codes as Record<string, { code: string; labels: object }[]>).flatMap(([list, rows]) =>
      rows.filter((r) => !whole(r.labels ?? {})).map((r) => `${list} ${r.code}`),
    )
    expect(lost).toEqual([])
  })
})
