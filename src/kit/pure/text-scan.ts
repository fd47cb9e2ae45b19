/** `cjk`: a run of a script written without spaces (Han, kana, Hangul, Thai …); `word`: letters and digits. */
export type Run = { readonly kind: 'cjk' | 'word'; readonly start: number; readonly end: number }

/** Scripts cut into single characters and pairs, as a regular expression class (flag v). */
export const unspaced =
  '[[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー]&&[\\p{L}\\p{M}\\p{N}]]'
/** Letters, marks and digits of words, as a regular expression class (flag v). */
export const wordy = `[[\\p{L}\\p{M}\\p{N}]--${unspaced}]`

const other = 0
const cjk = 1
const word = 2
const unspacedTest = new RegExp(unspaced, 'v')
const wordyTest = new RegExp(wordy, 'v')

// Classes of the basic plane, one byte each, found out when first met (255 = not yet).
const classes = new Uint8Array(65536).fill(255)

function classify(character: string): number {
  if (unspacedTest.test(character)) return cjk
  return wordyTest.test(character) ? word : other
}

function classAt(text: string, at: number): number {
  const point = text.codePointAt(at) ?? 0
  if (point > 0xffff) return classify(String.fromCodePoint(point))
  let found = classes[point] ?? other
  if (found === 255) {
    found = classify(String.fromCharCode(point))
    classes[point] = found
  }
  return found
}

/** The runs of folded text, in order; an apostrophe between two word characters belongs to the word. Linear. */
export function runs(folded: string): Run[] {
  const found: Run[] = []
  let start = 0
  let current = other
  const close = (end: number) => {
    if (current !== other) found.push({ kind: current === cjk ? 'cjk' : 'word', start, end })
  }
  for (let i = 0; i < folded.length; ) {
    const step = (folded.codePointAt(i) ?? 0) > 0xffff ? 2 : 1
    const apostrophe = current === word && folded[i] === "'" && i + 1 < folded.length
    const next = apostrophe && classAt(folded, i + 1) === word ? word : classAt(folded, i)
    if (next !== current) {
      close(i)
      start = i
      current = next
    }
    i += step
  }
  close(folded.length)
  return found
}

/** A word run as it is stored and asked for: apostrophes dropped, at most 64 code units. */
export function wordOf(folded: string, run: Run): string {
  return folded
    .slice(run.start, Math.min(run.end, run.start + 72))
    .replaceAll("'", '')
    .slice(0, 64)
    .replace(/[\ud800-\udbff]$/, '')
}

/** English plural to singular, lightly (refunds → refund, policies → policy, boxes → box); others unchanged. */
export function stem(text: string): string {
  if (text.length < 4 || !text.endsWith('s') || !/^[a-z]+$/.test(text)) return text
  if (/(ss|us|is)$/.test(text)) return text
  if (text.length > 4 && text.endsWith('ies')) return `${text.slice(0, -3)}y`
  if (/(sses|xes|ches|shes|zzes)$/.test(text)) return text.slice(0, -2)
  return text.slice(0, -1)
}
