// oxlint-disable-next-line triple-slash-reference -- the browser's tsconfig does not list this folder
/// <reference path="./text-opencc.d.ts" />
import hongKong from 'opencc-js/dict/HKVariantsRev'
import simplified from 'opencc-js/dict/TSCharacters'
import taiwan from 'opencc-js/dict/TWVariantsRev'

/**
 * Pairs a character table alone gets wrong, because OpenCC decides them by phrase (回覆 → 回复, 計畫 → 计划) or the
 * two sides write another character (帳戶 · 账户, 項鍊 · 项链). Merging them costs nothing but a rare homograph.
 */
const merged = '覆复 瞭了 藉借 鍊链 炼链 迳径 画划 沈沉 彷仿 甦苏 谘咨 馀余 讬托 缐线 麺面 锺钟 钜巨 帐账 夥伙 ςσ'
const punctuation = "‐- ‑- ‒- –- —- ―- −- ‘' ’' ‛' “\" ”\""
// TWVariantsRev reads the Simplified 么 (什么) as the Traditional 么 (幺).
const notVariants = new Set(['么'])

let table: Uint16Array | undefined

function foldTable(): Uint16Array {
  if (table) return table
  const built = new Uint16Array(65536)
  const add = (from: string, to: string) => {
    if (from.length === 1 && to.length === 1 && from !== to) built[from.charCodeAt(0)] = to.charCodeAt(0)
  }
  for (const [from, to] of entries(simplified)) add(from, to)
  for (const [from, to] of entries(`${taiwan}|${hongKong}`)) {
    // Where both know a character, Traditional to Simplified decides; 户 → 戶 → 户 would lead back to itself.
    const known = built[from.charCodeAt(0)] !== 0 || built[to.charCodeAt(0)] === from.charCodeAt(0)
    if (!known && !notVariants.has(from)) add(from, to)
  }
  for (const pair of `${merged} ${punctuation}`.split(' ')) add(pair[0] ?? '', pair[1] ?? '')
  table = closed(built)
  return table
}

function entries(pairs: string): [from: string, to: string][] {
  return pairs.split('|').map((pair) => {
    const [from = '', to = ''] = pair.split(' ')
    return [from, to]
  })
}

/** Follows chains (臺 → 台 → …) to their end, so that folding twice changes nothing. */
function closed(built: Uint16Array): Uint16Array {
  for (let from = 0; from < built.length; from += 1) {
    let to = built[from] ?? 0
    for (let step = 0; step < 4 && to !== 0 && built[to] !== 0; step += 1) to = built[to] ?? 0
    built[from] = to === from ? 0 : to
  }
  return built
}

// Zero-width, direction and variation characters: they never take part in a match.
const ignored =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ufe00-\ufe0f]|\udb40[\udd00-\uddef\udc00-\udc7f]/g
const ignoredTest = new RegExp(ignored.source)
const beyondAscii = /[\u0080-\uffff]/

/**
 * The one form in which texts are searched and compared: NFKC (full width → half width), lower case, Traditional and
 * regional variants → Simplified, dashes and quotes plain, zero-width characters removed. Works character by
 * character, never by phrase: the fold of a substring is a substring of the fold. Idempotent.
 */
export function fold(text: string): string {
  if (!beyondAscii.test(text)) return text.toLowerCase()
  let folded = ignoredTest.test(text) ? text.replace(ignored, '') : text
  folded = folded.normalize('NFKC')
  const lower = folded.toLowerCase()
  // İ alone grows, by a mark that may stand in the wrong order.
  return mapUnits(lower.length === folded.length ? lower : lower.normalize('NFKC'))
}

const block = 8192

function mapUnits(text: string): string {
  const map = foldTable()
  const units = new Uint16Array(text.length)
  let changed = false
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    const to = map[unit] ?? 0
    if (to !== 0) changed = true
    units[i] = to === 0 ? unit : to
  }
  if (!changed) return text
  let out = ''
  for (let i = 0; i < units.length; i += block) out += String.fromCharCode(...units.subarray(i, i + block))
  return out
}

/** Folded text with, for each of its code units, the range of the original text it came from. */
export type FoldedText = { readonly folded: string; readonly starts: Uint32Array; readonly ends: Uint32Array }

// Everything NFKC could join to the character before it (marks, Hangul vowels and finals, half-width marks), and what is ignored.
const joining =
  '\\p{M}\\u1100-\\u11ff\\u3131-\\u318e\\ua960-\\ua97c\\ud7b0-\\ud7fb\\uff9e-\\uffdc\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff\\u{e0000}-\\u{e01ef}'
const piece = new RegExp(`[^][${joining}]*`, 'gu')
const joins = new RegExp(`[${joining}]`, 'u')

/** `fold` with a way back: highlights are found in the folded text and shown in the original. */
export function foldMapped(text: string): FoldedText {
  return unitByUnit(text) ?? pieceByPiece(text)
}

const fullWidth = /[\u3000\uff01-\uff5e]/g

/** Most texts fold one code unit to one: nothing in them is ignored, joined or taken apart. Null for the others. */
function unitByUnit(text: string): FoldedText | null {
  if (joins.test(text)) return null
  const narrow = text.replace(fullWidth, (c) => (c === '\u3000' ? ' ' : String.fromCharCode(c.charCodeAt(0) - 0xfee0)))
  if (narrow.normalize('NFKC') !== narrow) return null
  const folded = fold(narrow)
  // Lower case alone may still change the length, and only by growing.
  if (folded.length !== text.length) return null
  const starts = new Uint32Array(text.length)
  const ends = new Uint32Array(text.length)
  for (let i = 0; i < text.length; i += 1) {
    starts[i] = i > 0 && isPair(text, i - 1) ? i - 1 : i
    ends[i] = isPair(text, i) ? i + 2 : i + 1
  }
  return { folded, starts, ends }
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff
}

function pieceByPiece(text: string): FoldedText {
  const starts: number[] = []
  const ends: number[] = []
  let folded = ''
  for (const match of text.matchAll(piece)) {
    const part = fold(match[0])
    folded += part
    for (let i = 0; i < part.length; i += 1) {
      starts.push(match.index)
      ends.push(match.index + match[0].length)
    }
  }
  return { folded, starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) }
}
