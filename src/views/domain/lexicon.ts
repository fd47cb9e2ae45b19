import { type FilterName, fieldWords, fixedWords, meWords, type ThreeWords } from './filter-words.ts'

/** A value of a filter as the organisation names it: a team, a type, a person. */
export type Named = { readonly value: string; readonly words: ThreeWords }

/** All that a line of filters may say in one organisation, to one reader. */
export type Lexicon = {
  field(word: string): FilterName | undefined
  /** The one value these words say; undefined when none or several. */
  value(name: FilterName, word: string): string | undefined
  /** The one filter a word alone says. */
  bare(word: string): { readonly name: FilterName; readonly value: string } | undefined
  /** What is written for a value. */
  word(name: FilterName, value: string, language: 0 | 1 | 2): string | undefined
}

/** Case and width do not count; the other script has words of its own. */
export function plain(word: string): string {
  return word.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ')
}

type Values = {
  readonly byWord: ReadonlyMap<string, ReadonlySet<string>>
  readonly words: ReadonlyMap<string, ThreeWords>
}

/** `named` are the organisation's own values; `me` is the reader's staff id. */
export function lexiconOf(named: { readonly [N in FilterName]?: readonly Named[] }, me: string): Lexicon {
  const fields = new Map<string, FilterName>()
  for (const [name, words] of Object.entries(fieldWords))
    for (const word of words) fields.set(plain(word), name as FilterName)
  const values = new Map<FilterName, Values>()
  const of = (name: FilterName): Values => {
    const known = values.get(name) ?? valuesOf(name, named[name] ?? [], me)
    values.set(name, known)
    return known
  }
  const value: Lexicon['value'] = (name, word) => {
    const { byWord, words } = of(name)
    if (words.has(word)) return word
    const found = byWord.get(plain(word))
    return found?.size === 1 ? [...found][0] : undefined
  }
  return {
    field: (word) => fields.get(plain(word)),
    value,
    bare: (word) => only(fixedFirst, value, word) ?? only(ownLast, value, word),
    word: (name, v, language) => of(name).words.get(v)?.[language],
  }
}

/** What everybody means the same by comes before what an organisation calls something. */
const fixedFirst = ['view', 'due', 'open', 'state', 'severity', 'mode', 'waitingFor'] as const
const ownLast = ['ownerId', 'teamId', 'placeId', 'productId', 'type', 'flag', 'channel', 'outcome', 'remedy'] as const

function only(names: readonly FilterName[], value: Lexicon['value'], word: string) {
  const found = names.flatMap((name) => {
    const v = value(name, word)
    return v === undefined ? [] : [{ name, value: v }]
  })
  return found.length === 1 ? found[0] : undefined
}

function valuesOf(name: FilterName, own: readonly Named[], me: string): Values {
  const words = new Map<string, ThreeWords>()
  const byWord = new Map<string, Set<string>>()
  const add = (value: string, said: ThreeWords) => {
    if (!words.has(value)) words.set(value, said)
    for (const word of said) {
      const key = plain(word)
      byWord.set(key, (byWord.get(key) ?? new Set()).add(value))
    }
  }
  // "Me" is never somebody else of that name.
  if (name === 'ownerId') add(me, meWords)
  for (const [value, said] of Object.entries(fixedWords[name] ?? {})) add(value, said)
  const taken = new Set(name === 'ownerId' ? meWords.map(plain) : [])
  for (const { value, words: said } of own) {
    const free = said.filter((word) => !taken.has(plain(word)))
    if (free.length === said.length) add(value, said)
    else words.set(value, said)
  }
  return { byWord, words }
}
