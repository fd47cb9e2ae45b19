import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import iconv from 'iconv-lite'
import { RefusalError } from '../../kit/pure/result.ts'

/** A file that can be read from its beginning as often as it takes: on disk, or in the blob store. */
export type Source = {
  readonly name: string
  readonly size: number
  open(): Promise<AsyncIterable<Uint8Array>> | AsyncIterable<Uint8Array>
}

/** What a packed file may grow to, and by how much: more is a bomb. */
export const limits = {
  unpackedBytes: 4 * 2 ** 30,
  ratio: 400,
  xlsxBytes: 60 * 2 ** 20,
  xlsxUnpacked: 400 * 2 ** 20,
  xlsxEntries: 2_000,
  headBytes: 262_144,
  lineChars: 8 * 2 ** 20,
  columns: 500,
} as const

export async function fileSource(path: string): Promise<Source> {
  const { size } = await stat(path)
  return { name: basename(path), size, open: () => createReadStream(path, { highWaterMark: 262_144 }) }
}

/** The bytes unpacked, where the file is a .gz. Refuses what grows beyond all measure. */
export async function* unpacked(source: Source): AsyncGenerator<Uint8Array> {
  const stream = await source.open()
  let first: Uint8Array | undefined
  const whole = async function* () {
    for await (const chunk of stream) {
      first ??= chunk
      yield chunk
    }
  }
  const bytes = whole()
  const { value, done } = await bytes.next()
  if (done) return
  const rest = async function* () {
    yield value
    yield* bytes
  }
  if (!(value[0] === 0x1f && value[1] === 0x8b)) return yield* rest()
  let grown = 0
  const most = Math.min(limits.unpackedBytes, Math.max(source.size, 4096) * limits.ratio)
  const gunzip = createGunzip()
  const feeding = (async () => {
    for await (const chunk of rest())
      if (!gunzip.write(chunk)) await new Promise<void>((go) => void gunzip.once('drain', go).once('close', go))
    gunzip.end()
  })()
  feeding.catch((error: Error) => gunzip.destroy(error))
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      grown += chunk.length
      if (grown > most) throw new RefusalError({ code: 'import.file-bomb', status: 422 })
      yield chunk
    }
  } catch (error) {
    if (error instanceof RefusalError) throw error
    throw new RefusalError({ code: 'import.file-broken', status: 422 })
  } finally {
    gunzip.destroy()
  }
}

/** The first bytes, unpacked; and whether they are all. */
export async function headOf(
  source: Source,
  most: number = limits.headBytes,
): Promise<{ head: Buffer; whole: boolean }> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of unpacked(source)) {
    parts.push(chunk)
    size += chunk.length
    if (size > most) return { head: Buffer.concat(parts).subarray(0, most), whole: false }
  }
  return { head: Buffer.concat(parts), whole: true }
}

/** Everything in one piece, for a format that cannot be read piece by piece; refused where that is too much. */
export async function wholeOf(source: Source, most: number): Promise<Buffer> {
  if (source.size > most)
    throw new RefusalError({ code: 'import.file-too-large', status: 413, facts: { maxBytes: most } })
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of await source.open()) {
    parts.push(chunk)
    size += chunk.length
    if (size > most) throw new RefusalError({ code: 'import.file-too-large', status: 413, facts: { maxBytes: most } })
  }
  return Buffer.concat(parts)
}

/** Letters, piece by piece; what is none in this encoding becomes U+FFFD. NUL is left out: no text has one. */
export async function* lettersOf(source: Source, encoding: string): AsyncGenerator<string> {
  const decoder = decoderOf(encoding)
  for await (const chunk of unpacked(source)) {
    const text = decoder.next(chunk)
    if (text !== '') yield text.includes('\0') ? text.replaceAll('\0', '') : text
  }
  const rest = decoder.end()
  if (rest !== '') yield rest
}

/** What is called Big5 in Hong Kong has thousands of characters more, for which Node's own decoder gives private ones. */
function decoderOf(encoding: string): { next(bytes: Uint8Array): string; end(): string } {
  if (/^(cn-)?big5(-hkscs)?$|^x-x-big5$/i.test(encoding)) {
    const decoder = iconv.getDecoder('big5hkscs')
    return { next: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? '' }
  }
  const decoder = new TextDecoder(encoding)
  return { next: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}
