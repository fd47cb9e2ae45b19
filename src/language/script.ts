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
  const sample = text.slice(0, sampleLength)
  const letters = count(sample, /\p{L}/gu)
  const han = count(sample, /\p{Script=Han}/gu)
  const syllables = count(sample, /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)
  // A Han character says about as much as a Latin word.
  const units = han + syllables + count(sample, /[a-z]+/gi)
  if (letters === 0 || syllables * 5 > units) return 'other'
  if (han > 0 && han * 5 >= units) return chineseSide(sample)
  return count(sample, /[A-Za-z]/g) * 10 >= letters * 9 ? 'en' : 'other'
}

function chineseSide(sample: string): Script {
  common ??= commonCharacters()
  let traditional = 0
  let simplified = 0
  for (const character of sample) {
    if (common.traditional.has(character)) traditional += 1
    else if (common.simplified.has(character)) simplified += 1
  }
  return simplified > traditional ? 'zh-Hans' : 'zh-Hant'
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

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
