import { orientationOf, orientationOnly, tiffOf } from './exif.ts'

const PICTURE = new Set(['VP8 ', 'VP8L', 'ALPH'])
const NEEDED = new Set([...PICTURE, 'ANIM', 'ICCP'])
const HAS_EXIF = 0x08
const HAS_XMP = 0x04

type Chunk = { readonly type: string; readonly body: Buffer }

/**
 * The WebP without EXIF (but its Orientation), XMP and every chunk we do not know, also inside the frames of an animation,
 * and without what follows its end. Undefined when it is not a whole WebP.
 */
export function stripWebp(bytes: Buffer): Buffer | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') return undefined
  const end = 8 + bytes.readUInt32LE(4)
  const chunks = end > bytes.length ? undefined : chunksIn(bytes.subarray(12, end))
  if (!chunks?.some(({ type }) => PICTURE.has(type) || type === 'ANMF')) return undefined
  const extended = chunks[0]?.type === 'VP8X'
  const exif = chunks.find(({ type }) => type === 'EXIF')
  const orientation = exif && extended ? orientationOf(tiffOf(exif.body)) : undefined
  const kept = chunks.flatMap((chunk) => keptOf(chunk, orientation !== undefined) ?? [])
  if (orientation !== undefined) kept.push({ type: 'EXIF', body: orientationOnly(orientation) })
  return framed('RIFF', Buffer.concat([Buffer.from('WEBP'), ...kept.map(written)]))
}

function keptOf({ type, body }: Chunk, hasExif: boolean): Chunk | undefined {
  if (type === 'VP8X') return { type, body: header(body, hasExif) }
  if (type === 'ANMF') return { type, body: frame(body) }
  return NEEDED.has(type) ? { type, body } : undefined
}

/** The features byte tells which chunks follow, so it must no longer promise those removed. */
function header(body: Buffer, hasExif: boolean): Buffer {
  const changed = Buffer.from(body)
  changed[0] = ((body[0] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (hasExif ? HAS_EXIF : 0)
  return changed
}

/** 16 bytes of place and duration, then chunks of its own. */
function frame(body: Buffer): Buffer {
  const inner = (chunksIn(body.subarray(16)) ?? []).filter(({ type }) => PICTURE.has(type))
  return Buffer.concat([body.subarray(0, 16), ...inner.map(written)])
}

function chunksIn(bytes: Buffer): Chunk[] | undefined {
  const chunks: Chunk[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4)
    if (at + 8 + size > bytes.length) return undefined
    chunks.push({ type: bytes.toString('latin1', at, at + 4), body: bytes.subarray(at + 8, at + 8 + size) })
    at += 8 + size + (size % 2)
  }
  return chunks
}

function written({ type, body }: Chunk): Buffer {
  return framed(type, body)
}

/** RIFF pads odd bodies with a zero that the size does not count. */
function framed(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
