/** Something one can do or go to. */
export type Item = {
  readonly id: string
  readonly label: string
  readonly group: Group
  readonly hint?: string | undefined
  readonly run: () => unknown
}
export const groups = ['found', 'complaint', 'recent', 'go', 'do'] as const
export type Group = (typeof groups)[number]

/** Full-width letters as typed by an input method, and case, make no difference; tones and blanks of a reading neither. */
export function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}
const sound = (text: string) => plain(text).replaceAll(/[\sˊˇˋ˙'’]/g, '')

/**
 * How well a name fits what was typed; lower is better, undefined not at all. By its beginning, the beginning of a word, anywhere,
 * the initials of its words, or how its Chinese sounds (拼音 or 注音, whole or by initials).
 */
export function fit(label: string, keys: readonly string[], typed: string): number | undefined {
  const wanted = plain(typed)
  const name = plain(label)
  if (wanted === '') return 0
  if (name.startsWith(wanted)) return 1
  const words = name.split(/[\s/・（(-]+/)
  if (words.some((w) => w.startsWith(wanted))) return 2
  if (
    words.length > 1 &&
    words
      .map((w) => w[0] ?? '')
      .join('')
      .startsWith(wanted)
  )
    return 3
  if (name.includes(wanted)) return 4
  const heard = sound(typed)
  if (heard === '') return undefined
  if (keys.some((k) => k.startsWith(heard))) return 5
  return heard.length > 1 && keys.some((k) => k.includes(heard)) ? 6 : undefined
}

/** What fits, best first; of equals in the order they came. */
export function ranked(items: readonly Item[], typed: string, keysOf: (label: string) => readonly string[]): Item[] {
  return items
    .flatMap((item, i) => {
      const how = fit(item.label, keysOf(item.label), typed)
      return how === undefined ? [] : [{ item, how, i }]
    })
    .sort((a, b) => a.how - b.how || a.i - b.i)
    .map(({ item }) => item)
}

/** The whole number somebody means by its end: 123 is R-2026-000123. Undefined for anything else. */
export function numberMeant(typed: string, year: number): string | undefined {
  const text = plain(typed).replace(/^#/, '')
  const [, of = String(year), no] = /^(?:r-?)?(?:(\d{4})-)?(\d{1,9})$/.exec(text) ?? []
  return no === undefined ? undefined : `R-${of}-${no.padStart(6, '0')}`
}
