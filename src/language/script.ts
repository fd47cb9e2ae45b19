/** `other`: kana, Hangul, other alphabets, or no letters at all. */
export type Script = 'zh-Hant' | 'zh-Hans' | 'en' | 'other'

const sampleLength = 2000
let common: { readonly traditional: ReadonlySet<string>; readonly simplified: ReadonlySet<string> } | undefined

/**
 * Rough language and script of a text, from its first 2,000 characters: Chinese as soon as Han characters are a fifth
 * of Han characters and Latin words; then the side whose own characters are more. Chinese common to both counts as `zh-Hant`, the default
 * of the house. English: Latin letters only, mostly ASCII.
 */
export function detectScript(text: string): Script {
  const { letters, han, syllables, latin, words, traditional, simplified } = counted(text.slice(0, sampleLength))
  // A Han character says about as much as a Latin word.
  const units = han + syllables + words
  if (letters === 0 || syllables * 5 > units) return 'other'
  if (han > 0 && han * 5 >= units) return simplified > traditional ? 'zh-Hans' : 'zh-Hant'
  return latin * 10 >= letters * 9 ? 'en' : 'other'
}

const [isLetter, isHan, isSyllable, isLatin, isTraditional, isSimplified, isKnown] = [1, 2, 4, 8, 16, 32, 128]
// What a character is, a byte each of the basic plane, found out when first met.
const kinds = new Uint8Array(65536)

function counted(sample: string) {
  const n = { letters: 0, han: 0, syllables: 0, latin: 0, words: 0, traditional: 0, simplified: 0 }
  let inWord = false
  for (let i = 0; i < sample.length; i += 1) {
    const point = sample.codePointAt(i) ?? 0
    if (point > 0xffff) i += 1
    const kind = point > 0xffff ? kindOf(point) : (kinds[point] ||= kindOf(point))
    if (kind & isLetter) n.letters += 1
    if (kind & isHan) n.han += 1
    if (kind & isSyllable) n.syllables += 1
    if (kind & isTraditional) n.traditional += 1
    if (kind & isSimplified) n.simplified += 1
    if (kind & isLatin) n.latin += 1
    if (kind & isLatin && !inWord) n.words += 1
    inWord = (kind & isLatin) > 0
  }
  return n
}

function kindOf(point: number): number {
  common ??= commonCharacters()
  const character = String.fromCodePoint(point)
  const { traditional, simplified } = common
  return (
    isKnown |
    (/\p{L}/u.test(character) ? isLetter : 0) |
    (/\p{Script=Han}/u.test(character) ? isHan : 0) |
    (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(character) ? isSyllable : 0) |
    (/[A-Za-z]/.test(character) ? isLatin : 0) |
    (traditional.has(character) ? isTraditional : simplified.has(character) ? isSimplified : 0)
  )
}

/**
 * The two national standards say it without a table of ours: level 1 of Big5 (Taiwan's 5,401 common characters)
 * against all of GB 2312, and level 1 of GB 2312 (the mainland's 3,755) against level 1 of Big5.
 */
function commonCharacters() {
  const big5 = decoded('big5', 0xa4, 0xc6)
  const gb = decoded('gbk', 0xb0, 0xf7)
  const gbCommon = decoded('gbk', 0xb0, 0xd7)
  return { traditional: without(big5, gb), simplified: without(gbCommon, big5) }
}

function without(all: ReadonlySet<string>, some: ReadonlySet<string>): Set<string> {
  return new Set([...all].filter((character) => !some.has(character)))
}

function decoded(encoding: 'big5' | 'gbk', firstRow: number, lastRow: number): Set<string> {
  const bytes: number[] = []
  for (let row = firstRow; row <= lastRow; row += 1) {
    if (encoding === 'big5') for (let cell = 0x40; cell <= 0x7e; cell += 1) bytes.push(row, cell)
    for (let cell = 0xa1; cell <= 0xfe; cell += 1) bytes.push(row, cell)
  }
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)).match(/\p{Script=Han}/gu))
}
