/** What `cleanText` had to change, or what the reader should be warned of (`bidi` is kept in the text). */
export type TextFlag = 'not-text' | 'nul' | 'control' | 'lone-surrogate' | 'bidi'

export type CleanText = { readonly text: string; readonly flags: readonly TextFlag[] }

const lineEnds = /\r\n?|[\u0085\u2028\u2029]/g
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const controls = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
const bidiOverrides = /[\u202a-\u202e\u2066-\u2069]/
const invisible = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u

/**
 * Makes any value text that PostgreSQL accepts: NUL and other C0 controls (except \n and \t) removed, lone
 * surrogates replaced by U+FFFD, line ends made \n. Numbers and booleans are written out; anything else that is
 * not a string gives '' and the flag `not-text` (null and undefined give '' without it). Never throws.
 */
export function cleanText(input: unknown): CleanText {
  if (input === null || input === undefined) return { text: '', flags: [] }
  if (typeof input === 'number' || typeof input === 'boolean' || typeof input === 'bigint')
    return { text: String(input), flags: [] }
  if (typeof input !== 'string') return { text: '', flags: ['not-text'] }
  const flags: TextFlag[] = []
  const step = (text: string, flag: TextFlag, next: string) => {
    if (next !== text) flags.push(flag)
    return next
  }
  let text = step(input, 'nul', input.replaceAll('\0', ''))
  text = text.replace(lineEnds, '\n')
  text = step(text, 'control', text.replace(controls, ''))
  text = step(text, 'lone-surrogate', text.toWellFormed())
  if (bidiOverrides.test(text)) flags.push('bidi')
  return { text, flags }
}

/**
 * A name safe to show inside a sentence: one line, no invisible or direction-changing characters; a name with
 * right-to-left letters is wrapped in FSI … PDI so that it cannot reorder what stands beside it.
 */
export function displayName(input: unknown): string {
  const name = cleanText(input).text.replace(invisible, '').replace(/\s+/g, ' ').trim()
  return rightToLeft.test(name) ? `\u2068${name}\u2069` : name
}

// Longest run of code units read for one grapheme: enough for family emoji, too short for stacked-mark bombs.
const unitsPerGrapheme = 32
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** At most `max` graphemes of `text`; `ellipsis` is appended (and counted as one) when something was cut. */
export function truncateGraphemes(text: string, max: number, ellipsis = '…'): string {
  if (text.length <= max) return text
  const head = text.slice(0, max * unitsPerGrapheme).toWellFormed()
  const room = ellipsis === '' ? max : max - 1
  let count = 0
  let cut = 0
  for (const { index } of segmenter.segment(head)) {
    if (count === room) cut = index
    count += 1
    if (count > max) break
  }
  if (count <= max && head.length === text.length) return text
  if (count <= room) cut = head.length
  return text.slice(0, safeEnd(text, cut)) + (room < 0 ? '' : ellipsis)
}

/** The greatest index ≤ `at` that does not split a surrogate pair. */
export function safeEnd(text: string, at: number): number {
  if (at <= 0) return 0
  if (at >= text.length) return text.length
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff ? at - 1 : at
}
