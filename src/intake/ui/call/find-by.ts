/** Something to be chosen: its words in all languages, its code, and how it sounds. */
export type Choosable = {
  readonly value: string
  readonly label: string
  readonly words: readonly string[]
  readonly code: string
  readonly keys: readonly string[]
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s'’·]+/g, '')
/** 注音 as typed has tones; names are found without. */
const toneless = (text: string) => text.replaceAll(/[ˉˊˇˋ˙1-5]/g, '')

/**
 * Choices by words of any language, code, 拼音, 注音 (whole, by initials, with tones or without) or their number in the
 * list; those that begin so come first.
 */
export function findBy<T extends Choosable>(all: readonly T[], typed: string): T[] {
  const q = plain(typed)
  if (q === '') return [...all]
  const nth = /^\d{1,2}$/.test(q) ? all[Number(q) - 1] : undefined
  const ranked = all.flatMap((x) => {
    const rank = rankOf(x, q)
    return rank === undefined || x === nth ? [] : [{ x, rank }]
  })
  ranked.sort((a, b) => a.rank - b.rank)
  return [...(nth ? [nth] : []), ...ranked.map((r) => r.x)]
}

function rankOf({ words, code, keys }: Choosable, q: string): number | undefined {
  if (plain(code) === q) return 0
  const sound = toneless(q)
  const texts = words.map(plain)
  if (texts.some((w) => w.startsWith(q))) return 1
  if (sound !== '' && keys.some((k) => k.startsWith(sound))) return 2
  if (texts.some((w) => w.includes(q)) || plain(code).startsWith(q)) return 3
  return sound.length > 1 && keys.some((k) => k.includes(sound)) ? 4 : undefined
}

/** Those whose names share the most with what was said, best first; none where nothing is shared. */
export function suggestedBy<T extends Choosable>(all: readonly T[], said: string, most = 3): T[] {
  const pairs = pairsOf(said)
  if (pairs.size === 0) return []
  return all
    .map((x) => ({ x, shared: Math.max(0, ...x.words.map((w) => shared(pairsOf(w), pairs))) }))
    .filter(({ shared: s }) => s > 0)
    .sort((a, b) => b.shared - a.shared)
    .slice(0, most)
    .map(({ x }) => x)
}

/** Neighbouring Chinese characters, and words of four letters or more without their ending. */
function pairsOf(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const run of text.match(/\p{Script=Han}+/gu) ?? [])
    for (let i = 1; i < run.length; i++) found.add(run.slice(i - 1, i + 1))
  for (const word of text.toLowerCase().match(/[a-z]{4,}/g) ?? []) found.add(word.slice(0, 5))
  return found
}

function shared(name: ReadonlySet<string>, said: ReadonlySet<string>): number {
  const both = [...name].filter((p) => said.has(p)).length
  return both === 0 ? 0 : both + both / name.size
}
