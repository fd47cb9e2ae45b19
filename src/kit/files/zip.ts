import { once } from 'node:events'
import { crc32, createDeflateRaw } from 'node:zlib'

export type ZipEntry = { readonly name: string; readonly bytes: AsyncIterable<Uint8Array | string> }

const most = 0xffff_ffff
const version = 20
/** Sizes follow the bytes; names are UTF-8. */
const flags = 0x0808
const deflated = 8
/** 1980-01-01, as the format begins: the same content is the same file. */
const date = 0x0021

/** A zip as it comes into being: nothing is held back but the piece being packed. Throws beyond 4 GB, which needs another form. */
export async function* zipOf(entries: Iterable<ZipEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let at = 0
  for (const { name, bytes } of entries) {
    const path = Buffer.from(name)
    const begin = at
    const local = fields([4, 0x0403_4b50], [2, version], ...kind, [4, 0], [4, 0], [4, 0], [2, path.length], [2, 0])
    yield Buffer.concat([local, path])
    at += local.length + path.length
    const counts = { crc: 0, size: 0, packed: 0 }
    for await (const piece of packed(bytes, counts)) yield piece
    const sizes: Field[] = [
      [4, counts.crc],
      [4, within(counts.packed)],
      [4, within(counts.size)],
    ]
    const trailer = fields([4, 0x0807_4b50], ...sizes)
    yield trailer
    at = within(at + counts.packed + trailer.length)
    const rest: Field[] = [
      [2, path.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, begin],
    ]
    directory.push(fields([4, 0x0201_4b50], [2, version], [2, version], ...kind, ...sizes, ...rest), path)
  }
  const listed = Buffer.concat(directory)
  const count = directory.length / 2
  yield listed
  yield fields([4, 0x0605_4b50], [2, 0], [2, 0], [2, count], [2, count], [4, listed.length], [4, at], [2, 0])
}

type Field = readonly [bytes: 2 | 4, value: number]

const kind: readonly Field[] = [
  [2, flags],
  [2, deflated],
  [2, 0],
  [2, date],
]

function fields(...all: readonly Field[]): Buffer {
  const made = Buffer.alloc(all.reduce((sum, [bytes]) => sum + bytes, 0))
  let at = 0
  for (const [bytes, value] of all) at = made.writeUIntLE(value, at, bytes)
  return made
}

function within(size: number): number {
  if (size > most) throw new RangeError('more than fits into a zip')
  return size
}

async function* packed(
  bytes: ZipEntry['bytes'],
  counts: { crc: number; size: number; packed: number },
): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw({ level: 3 })
  const feeding = (async () => {
    for await (const piece of bytes) {
      const raw = Buffer.from(piece)
      counts.crc = crc32(raw, counts.crc)
      counts.size += raw.length
      if (!deflate.write(raw)) await once(deflate, 'drain')
    }
    deflate.end()
  })()
  feeding.catch((error: Error) => deflate.destroy(error))
  for await (const piece of deflate) {
    counts.packed += piece.length
    yield piece
  }
  await feeding
}
