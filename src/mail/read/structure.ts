import { Buffer } from 'node:buffer'
import { ok, type Result, refuse } from '../../kit/pure/result.ts'
import type { Limits } from './context.ts'

/** One part of a mail, as places in its bytes. `to` is exclusive; a leaf has no parts of its own. */
export type Place = {
  readonly headFrom: number
  readonly headTo: number
  readonly bodyFrom: number
  bodyTo: number
  readonly depth: number
  /** Unfolded, in latin1: bytes as they are. */
  readonly contentType: string
  readonly encoding: string
  readonly disposition: string
  readonly leaf: boolean
  /** Within an enclosed mail. */
  readonly enclosed: boolean
  /** Within an enclosed mail that is a file: its bytes are not ours to mend. */
  readonly sealed: boolean
  /** A multipart whose boundary is not named, or never met. */
  lost: boolean
}

type Open = { readonly place: Place; readonly delimiter: Buffer }

/**
 * Finds the parts of a mail without decoding any; refuses what is over the limits. It only has to agree with the parser
 * on ordinary mail: what it misses is not mended, and the parser reads it as it is.
 */
export function structureOf(raw: Buffer, limits: Limits): Result<Place[]> {
  if (raw.length > limits.bytes) return refuse('mail.too-large', { bytes: raw.length, most: limits.bytes })
  const places: Place[] = []
  const open: Open[] = []
  let headerBytes = 0
  // The enclosed mail of a report is evidence.
  const isReport = /^multipart\/report/iu.test(fieldOf(raw.toString('latin1', 0, 20_000), 'content-type').trim())

  const begin = (from: number, depth: number, within: Pick<Place, 'enclosed' | 'sealed'>): number => {
    let at = from
    let level = depth
    let inside = within
    for (;;) {
      const place = readPlace(raw, at, level, inside, open)
      headerBytes += place.headTo - place.headFrom
      places.push(place)
      const delimiter = delimiterOf(place)
      if (delimiter) open.push({ place, delimiter })
      if (
        !/^message\/rfc822/iu.test(place.contentType) ||
        /base64|quoted/iu.test(place.encoding) ||
        places.length > limits.parts
      )
        return place.bodyFrom
      // An enclosed mail begins with headers of its own.
      at = place.bodyFrom
      level += 1
      inside = { enclosed: true, sealed: inside.sealed || isReport || /^attachment/iu.test(place.disposition) }
      if (level > limits.depth + 1) return at
    }
  }

  let at = begin(0, 0, { enclosed: false, sealed: false })
  while (open.length > 0) {
    const line = nextDashes(raw, at)
    if (line < 0) break
    at = line + 2
    const met = open.findLastIndex(({ delimiter }) => isDelimiter(raw, line, delimiter))
    if (met < 0) continue
    const { place, delimiter } = open[met] as Open
    for (const each of places)
      if (each.bodyTo === raw.length && each !== place && each.depth > place.depth) each.bodyTo = line
    place.lost = false
    const after = line + delimiter.length
    if (raw[after] === 0x2d && raw[after + 1] === 0x2d) {
      open.length = met
      place.bodyTo = line
      at = after + 2
      continue
    }
    open.length = met + 1
    const lineEnd = raw.indexOf(10, after)
    if (lineEnd < 0) break
    at = begin(lineEnd + 1, place.depth + 1, place)
    if (places.length > limits.parts) return refuse('mail.too-many-parts', { most: limits.parts })
    if (headerBytes > limits.headerBytes) break
  }
  if (headerBytes > limits.headerBytes) return refuse('mail.headers-too-large', { most: limits.headerBytes })
  if (places.some((p) => p.depth > limits.depth)) return refuse('mail.too-deep', { most: limits.depth })
  return ok(places)
}

/** The next line that begins with two dashes. */
function nextDashes(raw: Buffer, from: number): number {
  if (raw[from] === 0x2d && raw[from + 1] === 0x2d && (from === 0 || raw[from - 1] === 10)) return from
  const found = raw.indexOf('\n--', Math.max(0, from - 1), 'latin1')
  return found < 0 ? -1 : found + 1
}

/** A delimiter has nothing but white space behind it. */
function isDelimiter(raw: Buffer, at: number, delimiter: Buffer): boolean {
  if (raw.compare(delimiter, 0, delimiter.length, at, at + delimiter.length) !== 0) return false
  let after = at + delimiter.length
  if (raw[after] === 0x2d && raw[after + 1] === 0x2d) after += 2
  for (; after < raw.length && raw[after] !== 10; after += 1) if (![32, 9, 13].includes(raw[after] ?? 0)) return false
  return true
}

function readPlace(
  raw: Buffer,
  from: number,
  depth: number,
  { enclosed, sealed }: Pick<Place, 'enclosed' | 'sealed'>,
  open: readonly Open[],
): Place {
  const { headTo, bodyFrom } = headEnd(raw, from, open)
  const head = raw.toString('latin1', from, Math.min(headTo, from + 2_000_000))
  const contentType = fieldOf(head, 'content-type')
  const multipart = /^\s*multipart\//iu.test(contentType)
  return {
    headFrom: from,
    headTo,
    bodyFrom,
    bodyTo: raw.length,
    depth,
    contentType: contentType.trim(),
    encoding: fieldOf(head, 'content-transfer-encoding').trim().toLowerCase(),
    disposition: fieldOf(head, 'content-disposition').trim(),
    leaf: !multipart,
    enclosed,
    sealed,
    lost: multipart,
  }
}

/** Headers end at the first empty line, or where the next part begins. */
function headEnd(raw: Buffer, from: number, open: readonly Open[]): { headTo: number; bodyFrom: number } {
  let line = from
  while (line < raw.length) {
    const end = raw.indexOf(10, line)
    const stop = end < 0 ? raw.length : end
    if (stop === line || (stop === line + 1 && raw[line] === 13))
      return { headTo: line, bodyFrom: Math.min(stop + 1, raw.length) }
    if (raw[line] === 0x2d && open.some(({ delimiter }) => isDelimiter(raw, line, delimiter)))
      return { headTo: line, bodyFrom: line }
    line = stop + 1
  }
  return { headTo: raw.length, bodyFrom: raw.length }
}

/** The value of the first header of this name, unfolded. */
export function fieldOf(head: string, name: string): string {
  const found = new RegExp(`(?:^|\\n)${name}[ \\t]*:([^\\n]*(?:\\n[ \\t][^\\n]*)*)`, 'iu').exec(head)
  return found?.[1]?.replace(/\r?\n[ \t]/gu, ' ').replaceAll('\r', '') ?? ''
}

/** A parameter of a header, without its quotes. */
export function parameterOf(value: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\*?\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'iu').exec(value)
  return found?.[1]?.replace(/\\(.)/gu, '$1') ?? found?.[2]
}

function delimiterOf(place: Place): Buffer | undefined {
  const boundary = place.leaf ? undefined : parameterOf(place.contentType, 'boundary')?.trimEnd()
  return boundary ? Buffer.from(`--${boundary}`, 'latin1') : undefined
}
