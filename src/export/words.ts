import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createInstance, type TFunction } from 'i18next'
import type { Labels, Locale } from '../kit/contract/shapes.ts'

type Tree = { readonly [key: string]: string | Tree }

/** The sentences of the desk for what the server writes: the same files, in a given language and an organisation's terms. */
export type Words = { readonly locale: Locale; readonly t: TFunction; label(labels: Labels | null | undefined): string }

const made = new Map<string, Words>()

export function wordsOf(locale: Locale, termSet: string): Words {
  const key = `${locale} ${termSet}`
  const words = made.get(key) ?? makeWords(locale, termSet)
  made.set(key, words)
  return words
}

function makeWords(locale: Locale, termSet: string): Words {
  const tree = treeOf(locale)
  const sets = tree.terms as Readonly<Record<string, Record<string, string>>>
  const i18n = createInstance({
    lng: locale,
    initAsync: false,
    resources: { [locale]: { translation: tree } },
    interpolation: { escapeValue: false, defaultVariables: sets[termSet] ?? sets.retail ?? {} },
    returnNull: false,
    fallbackLng: false,
  })
  void i18n.init()
  const name = locale === 'zh-Hant' ? 'zhHant' : locale === 'zh-Hans' ? 'zhHans' : 'en'
  return { locale, t: i18n.t, label: (labels) => labels?.[name] ?? '' }
}

/** What every slice says; the portal speaks for itself. */
function treeOf(locale: Locale): Tree {
  const home = fileURLToPath(new URL('..', import.meta.url))
  return readdirSync(home, { withFileTypes: true })
    .filter((folder) => folder.isDirectory() && folder.name !== 'portal')
    .map((folder) => `${home}/${folder.name}/locales/${locale}.json`)
    .filter((path) => existsSync(path))
    .reduce<Tree>((all, path) => mergedTrees(all, JSON.parse(readFileSync(path, 'utf8')) as Tree), {})
}

function mergedTrees(a: Tree, b: Tree): Tree {
  const all: Record<string, string | Tree> = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const before = all[key]
    all[key] = typeof before === 'object' && typeof value === 'object' ? mergedTrees(before, value) : value
  }
  return all
}
