import { orientationOf, orientationOnly } from './exif.ts'

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const APP0 = 0xe0
const APP1 = 0xe1
const APP2 = 0xe2
const APP14 = 0xee
const START = Buffer.of(0xff, SOI)
const END = Buffer.of(0xff, EOI)

/**
 * The JPEG with what is needed to draw it and nothing else: no EXIF (but its Orientation), XMP, IPTC, comments, embedded
 * thumbnails or further pictures, maker's segments, nor anything after its end. Undefined when it is not a whole JPEG.
 */
export function stripJpeg(bytes: Buffer): Buffer | undefined {
  if (!bytes.subarray(0, 2).equals(START)) return undefined
  const kept: Buffer[] = []
  let orientation: number | undefined
  let drawn = false
  for (let at = 2; ; ) {
    const segment = segmentAt(bytes, at)
    if (!segment) return undefined
    if (segment.marker === EOI) break
    orientation ??= orientationIn(segment)
    const needed = neededOf(segment)
    if (needed) kept.push(needed)
    at = segment.end
    if (segment.marker !== SOS) continue
    drawn = true
    const scanEnd = endOfScan(bytes, at)
    kept.push(bytes.subarray(at, scanEnd))
    at = scanEnd
  }
  return drawn ? Buffer.concat([START, ...withOrientation(kept, orientation), END]) : undefined
}

type Segment = { readonly marker: number; readonly whole: Buffer; readonly body: Buffer; readonly end: number }

/** The segment at `at`, skipping fill bytes (0xFF); undefined when the bytes do not follow the format. */
function segmentAt(bytes: Buffer, at: number): Segment | undefined {
  if (bytes[at] !== 0xff) return undefined
  let start = at
  while (bytes[start + 1] === 0xff) start++
  const marker = bytes[start + 1]
  if (marker === EOI) return { marker, whole: END, body: Buffer.alloc(0), end: start + 2 }
  if (marker === undefined || marker < 0xc0 || marker === SOI || isRestart(marker)) return undefined
  if (start + 4 > bytes.length) return undefined
  const end = start + 2 + bytes.readUInt16BE(start + 2)
  if (end < start + 4 || end > bytes.length) return undefined
  return { marker, whole: bytes.subarray(start, end), body: bytes.subarray(start + 4, end), end }
}

/** What of a segment a decoder needs: frames, tables, scans; of the applications' only JFIF, ICC colour and Adobe's transform. */
function neededOf({ marker, whole, body }: Segment): Buffer | undefined {
  if (marker === APP0) return startsWith(body, 'JFIF\0') && body.length >= 14 ? jfifWithoutThumbnail(body) : undefined
  if (marker === APP2) return startsWith(body, 'ICC_PROFILE\0') ? whole : undefined
  if (marker === APP14) return startsWith(body, 'Adobe') && body.length >= 12 ? adobe(body) : undefined
  return marker < APP0 ? whole : undefined
}

function jfifWithoutThumbnail(body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0xff, APP0, 0, 16), body.subarray(0, 12), Buffer.of(0, 0)])
}

function adobe(body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0xff, APP14, 0, 14), body.subarray(0, 12)])
}

function orientationIn({ marker, body }: Segment): number | undefined {
  return marker === APP1 && startsWith(body, 'Exif\0\0') ? orientationOf(body.subarray(6)) : undefined
}

/** JFIF wants to be the first segment, EXIF the next. */
function withOrientation(kept: Buffer[], orientation: number | undefined): Buffer[] {
  if (orientation === undefined) return kept
  const body = Buffer.concat([Buffer.from('Exif\0\0'), orientationOnly(orientation)])
  const exif = Buffer.concat([Buffer.of(0xff, APP1, 0, body.length + 2), body])
  return kept[0]?.[1] === APP0 ? [kept[0], exif, ...kept.slice(1)] : [exif, ...kept]
}

/** Compressed data ends at the first marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from)
  while (at !== -1 && at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && !isRestart(next) && next !== 0xff) return at
    at = bytes.indexOf(0xff, next === 0xff ? at + 1 : at + 2)
  }
  return bytes.length
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7
}

function startsWith(body: Buffer, text: string): boolean {
  return body.toString('latin1', 0, text.length) === text
}
