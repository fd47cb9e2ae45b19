import { crc32 } from 'node:zlib'
import { orientationOf, orientationOnly, tiffOf } from './exif.ts'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** What draws the picture: the critical chunks, transparency, colour, size and animation. */
const NEEDED = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
)

/**
 * The PNG without text (tEXt, iTXt, zTXt), EXIF (but its Orientation), time and every chunk we do not know, and without
 * what follows its end. Undefined when it is not a whole PNG.
 */
export function stripPng(bytes: Buffer): Buffer | undefined {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return undefined
  const kept: Buffer[] = [SIGNATURE]
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    const type = bytes.toString('latin1', at + 4, at + 8)
    const needed = NEEDED.has(type)
      ? bytes.subarray(at, end)
      : type === 'eXIf'
        ? orientation(bytes, at, end)
        : undefined
    if (needed) kept.push(needed)
    else if (isCritical(type)) return undefined
    if (type === 'IEND') return Buffer.concat(kept)
    at = end
  }
  return undefined
}

function orientation(bytes: Buffer, at: number, end: number): Buffer | undefined {
  const value = orientationOf(tiffOf(bytes.subarray(at + 8, end - 4)))
  return value === undefined ? undefined : chunk('eXIf', orientationOnly(value))
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(body.length)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}

/** A capital first letter says that a decoder must not skip the chunk. */
function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type)
}
