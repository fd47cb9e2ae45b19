import { Buffer, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import iconv from 'iconv-lite'

// In which charset bytes are written, whatever they say of themselves.

const strict = new Map<string, TextDecoder | null>()

function strictDecoder(label: string): TextDecoder | null {
  let decoder = strict.get(label)
  if (decoder === undefined) {
    try {
      decoder = new TextDecoder(label, { fatal: true })
    } catch {
      decoder = null
    }
    if (strict.size < 500) strict.set(label, decoder)
  }
  return decoder
}

/** The text, or null where the bytes are not of this charset (or nobody knows it). */
function decodeStrictly(bytes: Uint8Array, label: string): string | null {
  try {
    return strictDecoder(label)?.decode(bytes) ?? null
  } catch {
    return null
  }
}

/** Names people give to charsets, as decoders know them. */
export function charsetName(label: string): string {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/gu, '')
  if (/^(?:x-)?(?:gb[-_]?(?:2312|k|18030)(?:[-_]80)?|cp-?936|euc-cn|chinese)$/u.test(name)) return 'gb18030'
  if (/^(?:x-)?(?:big-?5(?:[-_]?(?:hkscs|eten|2003|plus))?|cp-?950|big5-tw|x-x-big5)$/u.test(name)) return 'big5'
  if (/^(?:x-)?(?:utf-?8|utf8mb4|unicode-1-1-utf-8|utf-8-sig)$/u.test(name)) return 'utf-8'
  if (/^(?:cs)?iso-?2022-?jp(?:-?[123]|-ms)?$|^cp5022\d$|^jis7?$/u.test(name)) return 'iso-2022-jp'
  if (/^(?:x-)?(?:shift[-_]?jis|sjis|ms[-_]?kanji|cp-?932|windows-31j)/u.test(name)) return 'shift_jis'
  if (/^(?:us-)?ascii$|^ansi_x3|^7bit$/u.test(name)) return 'us-ascii'
  if (/^(?:unicode-1-1-)?utf-?7$|^x-utf-7$/u.test(name)) return 'utf-7'
  return name
}

export type Written = {
  /** As TextDecoder calls it. */
  readonly charset: string
  /** The text itself, where no TextDecoder reads it. */
  readonly text?: string
}

/** Enough to tell: the first of them are as good as all. */
const sample = 64 * 1024

/**
 * The charset of these bytes. `label` is believed where the bytes agree with it, and are not better explained: UTF-8 shows
 * itself by its form, ISO-2022-JP by its escapes. Null: as labelled, or UTF-8 without a label.
 */
export function charsetOf(bytes: Buffer, label: string | undefined): Written | null {
  const name = label === undefined ? '' : charsetName(label)
  if (name === 'utf-7') return { charset: 'utf-8', text: iconv.decode(bytes, 'utf-7') }
  const shifted = shiftedText(bytes, name)
  if (shifted !== null) return { charset: 'utf-8', text: shifted }
  const marked = byMark(bytes) ?? (/^(?:utf-?16|ucs-2|unicode|iso-10646-ucs-2)$/u.test(name) ? wideOrder(bytes) : null)
  if (marked) return said(marked, name)
  if (!hasHigh(bytes)) return hasEscapes(bytes) ? said('iso-2022-jp', name) : null
  const part = bytes.length > sample ? cutSample(bytes) : bytes
  if (isUtf8(part) && (!legacyFits(part, name) || utf8Weight(part) >= 3))
    return name === '' ? null : said('utf-8', name)
  const written =
    name === '' || name === 'us-ascii' || name === 'utf-8' || name === 'iso-2022-jp' ? null : decodeStrictly(part, name)
  if (written !== null && !suspicious(written, name)) return name === 'big5' ? hongKong(bytes, written) : null
  if (name !== '' && strictDecoder(name) === null && iconv.encodingExists(name))
    return { charset: 'utf-8', text: iconv.decode(bytes, name) }
  const found = guess(part, name)
  return (found === 'big5' ? hongKong(bytes, new TextDecoder('big5').decode(part)) : null) ?? said(found, name)
}

const shiftOut = '\u000e'
const shiftIn = '\u000f'

/** ISO-2022-KR, ISO-2022-CN and HZ: seven bits, with marks around what is Korean or Chinese. No TextDecoder reads them. */
function shiftedText(bytes: Buffer, name: string): string | null {
  const isHz = /^hz(?:-gb-?2312)?$/u.test(name)
  const korean = bytes.includes('\u001b$)C', 0, 'latin1')
  const chinese = bytes.includes('\u001b$)A', 0, 'latin1')
  if (!isHz && !korean && !chinese) return null
  const text = bytes.toString('latin1')
  const raised = (inner: string) => inner.replace(/[\x21-\x7e]/gu, (c) => String.fromCharCode(c.charCodeAt(0) | 0x80))
  if (isHz) {
    const marked = text.replace(/~\{((?:[\x21-\x7d][\x21-\x7e])*)~\}/gu, (_all, inner: string) => raised(inner))
    return iconv.decode(Buffer.from(marked.replaceAll('~~', '~').replace(/~\r?\n/gu, ''), 'latin1'), 'gb18030')
  }
  const [plain = '', ...others] = text
    .split(/\p{Cc}\$\)[AC]/u)
    .join('')
    .split(shiftOut)
  const marked = others.map((part) => {
    // Until the mark back, or the line ends.
    const end = part.search(/[\p{Cc}]/u)
    return end < 0 ? raised(part) : raised(part.slice(0, end)) + part.slice(end).replaceAll(shiftIn, '')
  })
  return iconv.decode(Buffer.from(plain + marked.join(''), 'latin1'), korean ? 'euc-kr' : 'gb18030')
}

/** Characters of Hong Kong (HKSCS), which this program's own Big5 does not know. */
function hongKong(bytes: Buffer, text: string): Written | null {
  return /[\ue000-\uf8ff\ufffd]/u.test(text) ? { charset: 'utf-8', text: iconv.decode(bytes, 'big5-hkscs') } : null
}

const said = (charset: string, name: string): Written | null => (charset === name ? null : { charset })

function byMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}

/** UTF-16 without a mark: the order in which it reads like a text. */
function wideOrder(bytes: Buffer): string {
  const start = bytes.subarray(0, 4_000)
  const score = (order: string) => {
    const text = new TextDecoder(order).decode(start)
    return likeness(text) + (3 * [...text].filter((c) => c >= ' ' && c <= '~').length) / Math.max(1, text.length)
  }
  return score('utf-16be') > score('utf-16le') ? 'utf-16be' : 'utf-16le'
}

function hasHigh(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i += 1) if ((bytes[i] ?? 0) > 0x7f) return true
  return false
}

const hasEscapes = (bytes: Buffer) => bytes.includes('\u001b$', 0, 'latin1') || bytes.includes('\u001b(J', 0, 'latin1')

/** Not within a character: cut after a line. */
function cutSample(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(10, sample)
  return bytes.subarray(0, end > 1_000 ? end : sample)
}

/** Bytes beyond ASCII in groups of UTF-8's form; three of them are no accident. */
function utf8Weight(bytes: Buffer): number {
  let weight = 0
  for (let i = 0; i < bytes.length && weight < 3; i += 1) {
    const byte = bytes[i] ?? 0
    if (byte >= 0xe0) weight += 2
    else if (byte >= 0xc2) weight += 1
  }
  return weight
}

const legacyFits = (bytes: Buffer, name: string) =>
  !['', 'us-ascii', 'utf-8', 'iso-2022-jp'].includes(name) && decodeStrictly(bytes, name) !== null

const common = new Set(
  '的一是了我不人在他有這这個个上們们來来到時时大地為为子中你說说生國国年著着就那和要她出也得裡里後后自以會会家可下而過过天去能對对小多然於于心學学么之都好看起發发當当沒没成只如事把還还用第樣样道想作種种開开您請请謝谢訂订單单退款貨货品商店服務务電电話话客訴诉投問问題题買买錢钱收件信公司產产處处理無无法系統统聯联絡络'.split(
    '',
  ),
)

/** How much a decoded text reads like one: common characters for it, private and rare ones against it. */
function likeness(text: string): number {
  let score = 0
  let seen = 0
  for (const character of text.slice(0, 4_000)) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) continue
    seen += 1
    if (common.has(character)) score += 3
    else if (code >= 0x3040 && code <= 0x30ff) score += 2
    else if ((code >= 0x3000 && code <= 0x303f) || (code >= 0xff00 && code <= 0xff5e)) score += 1.5
    else if (code >= 0x4e00 && code <= 0x9fff) score += 0.5
    else if (code >= 0xac00 && code <= 0xd7a3) score += 1.2
    else if ((code >= 0xe000 && code <= 0xf8ff) || code > 0x1ffff || (code >= 0x80 && code < 0xa0) || code === 0xfffd)
      score -= 4
    else if (code >= 0xff61 && code <= 0xff9f) score -= 1.5
    else if (code >= 0x3400 && code < 0x4e00) score -= 1
    else score += 0.1
  }
  return seen === 0 ? 0 : score / seen
}

/** A label whose bytes decode, to nothing anybody writes. */
function suspicious(text: string, name: string): boolean {
  return /^(?:big5|gb18030|shift_jis|euc-)/u.test(name) && likeness(text) < 0.2
}

function guess(bytes: Buffer, name: string): string {
  if (/^(?:|us-ascii|utf-8|iso-8859-.*|windows-125.)$/u.test(name) && mostlyLatin(bytes)) return 'windows-1252'
  const asked = name === 'us-ascii' || name === '' ? [] : [name]
  const candidates = [...new Set([...asked, 'big5', 'gb18030', 'shift_jis', 'euc-jp', 'euc-kr'])]
  const scored = candidates.map((charset) => {
    const text = decodeStrictly(bytes, charset)
    return { charset, score: text === null ? -10 : likeness(text) + (charset === name ? 0.3 : 0) }
  })
  const best = scored.sort((a, b) => b.score - a.score)[0]
  if (best && best.score > 0.45) return best.charset
  // Nothing fits: some bytes are broken. Whoever named a charset knew best what it was meant to be.
  if (name !== '' && name !== 'us-ascii' && strictDecoder(name) !== null) return name
  const loose = candidates.map((charset) => ({ charset, score: likeness(new TextDecoder(charset).decode(bytes)) }))
  const nearest = loose.sort((a, b) => b.score - a.score)[0]
  return nearest && nearest.score > 0.9 ? nearest.charset : 'windows-1252'
}

/** Single accented letters among ASCII: a western charset, not a broken UTF-8. */
function mostlyLatin(bytes: Buffer): boolean {
  let high = 0
  let paired = 0
  for (let i = 0; i < bytes.length; i += 1)
    if ((bytes[i] ?? 0) > 0x7f) {
      high += 1
      if ((bytes[i + 1] ?? 0) > 0x7f) paired += 1
    }
  return high > 0 && paired * 4 < high
}
