import { ok, type Result, refuse } from '../pure/result.ts'
import { stripJpeg } from './strip-jpeg.ts'
import { stripPng } from './strip-png.ts'
import { stripWebp } from './strip-webp.ts'

/** Above this a file is not read into memory, and so not stripped. */
export const STRIP_MAX_BYTES = 25 * 1024 * 1024

/** `format`: we cannot strip this kind; `size`: above 25 MB; `damaged`: the bytes do not follow their format. */
export type Stripped =
  | { readonly stripped: true; readonly bytes: Buffer }
  | { readonly stripped: false; readonly why: 'format' | 'size' | 'damaged' }

const strippers: Readonly<Record<string, (bytes: Buffer) => Buffer | undefined>> = {
  'image/jpeg': stripJpeg,
  'image/apng': stripPng,
  'image/png': stripPng,
  'image/webp': stripWebp,
  // Plain text has no room for metadata.
  'text/plain': (bytes) => bytes,
}

/** Whether files of this type (as `sniff` names it) can be freed of metadata: lets a form say so before the upload. */
export function canStrip(mime: string): boolean {
  return Object.hasOwn(strippers, mime)
}

/**
 * The same picture without place, device, author, times and comments (EXIF, XMP, IPTC, text). Keeps by allow-list: what
 * draws the picture, its colour profile and its Orientation. HEIC, TIFF, GIF, PDF, audio, video and office files are never
 * claimed to be clean. `mime` is the one from `sniff`.
 */
export function stripMetadata(bytes: Buffer, mime: string): Stripped {
  if (!canStrip(mime)) return { stripped: false, why: 'format' }
  if (bytes.length > STRIP_MAX_BYTES) return { stripped: false, why: 'size' }
  const clean = strippers[mime]?.(bytes)
  return clean ? { stripped: true, bytes: clean } : { stripped: false, why: 'damaged' }
}

/** For an anonymous complainant: the clean bytes, or `files.stripping-impossible` with why. */
export function requireStripped(bytes: Buffer, mime: string): Result<Buffer> {
  const result = stripMetadata(bytes, mime)
  return result.stripped ? ok(result.bytes) : refuse('files.stripping-impossible', { why: result.why, mime })
}
