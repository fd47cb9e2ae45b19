import { Buffer } from 'node:buffer'
import { charsetName } from './charset.ts'

// winmail.dat: what Outlook packs a mail into for other Outlooks (Microsoft's MS-OXTNEF). Its files and words are taken out, the
// rest (forms, meetings, compressed RTF) is left.

export type TnefFile = {
  readonly name: string
  readonly mediaType: string
  readonly contentId: string
  readonly content: Buffer
}
export type Tnef = { readonly text: string; readonly html: string; readonly files: readonly TnefFile[] }

const attribute = { title: 0x8010, data: 0x800f, render: 0x9002, attached: 0x9005, message: 0x9003, codepage: 0x9007 }
const property = {
  body: 0x1000,
  html: 0x1013,
  codepage: 0x3fde,
  data: 0x3701,
  filename: 0x3704,
  longName: 0x3707,
  mime: 0x370e,
  id: 0x3712,
}
const mostProperties = 5_000

type Value = { readonly bytes: Buffer; readonly wide: boolean; readonly object: boolean }
type Props = ReadonlyMap<number, Value>
type Draft = { title: Buffer; data: Buffer | undefined; props: Props }

/** What is in it; undefined for bytes that are none, or broken before anything could be found. */
export function readTnef(bytes: Buffer): Tnef | undefined {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== 0x223e9f78) return undefined
  const files: Draft[] = []
  let message: Props = new Map()
  let codepage = 1252
  for (const { level, id, data } of attributesOf(bytes)) {
    const file = files.at(-1)
    if (id === attribute.codepage && data.length >= 4) codepage = data.readUInt32LE(0)
    else if (level === 1 && id === attribute.message) message = propertiesOf(data)
    else if (level === 2 && id === attribute.render)
      files.push({ title: Buffer.alloc(0), data: undefined, props: new Map() })
    else if (file && id === attribute.title) file.title = data
    else if (file && id === attribute.data) file.data = data
    else if (file && id === attribute.attached) file.props = propertiesOf(data)
  }
  const read = (value: Value | undefined, page = codepage) => (value ? textOf(value, page) : '')
  const internet = message.get(property.codepage)?.bytes
  return {
    text: read(message.get(property.body)),
    html: read(message.get(property.html), internet && internet.length >= 4 ? internet.readUInt32LE(0) : codepage),
    files: files.flatMap((draft) => fileOf(draft, read)),
  }
}

function* attributesOf(bytes: Buffer): Generator<{ level: number; id: number; data: Buffer }> {
  let at = 6
  while (at + 9 <= bytes.length) {
    const level = bytes.readUInt8(at)
    const id = bytes.readUInt16LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    if (level > 2 || at + 9 + length > bytes.length) return
    yield { level, id, data: bytes.subarray(at + 9, at + 9 + length) }
    // Two bytes of a checksum behind it.
    at += 9 + length + 2
  }
}

function fileOf({ title, data, props }: Draft, read: (value: Value | undefined) => string): TnefFile[] {
  const inner = props.get(property.data)
  // An object begins with the name of its interface; of an enclosed mail it is another such packet.
  const content = data ?? (inner?.object ? inner.bytes.subarray(16) : inner?.bytes)
  if (!content || content.length === 0) return []
  const packet = content.length >= 4 && content.readUInt32LE(0) === 0x223e9f78
  const name =
    read(props.get(property.longName)) ||
    read({ bytes: title, wide: false, object: false }) ||
    read(props.get(property.filename))
  const mediaType = packet ? 'application/ms-tnef' : read(props.get(property.mime)) || 'application/octet-stream'
  return [{ name, mediaType, contentId: read(props.get(property.id)), content }]
}

/** Bytes of a value of fixed length, by type. */
const sizes: Readonly<Record<number, number>> = {
  0x2: 4,
  0x3: 4,
  0x4: 4,
  0x5: 8,
  0x6: 8,
  0x7: 8,
  0xa: 4,
  0xb: 4,
  0x14: 8,
  0x40: 8,
  0x48: 16,
}
const lengthy = new Set([0xd, 0x1e, 0x1f, 0x102])

/** The properties of a message or a file, as far as they can be read. */
function propertiesOf(bytes: Buffer): Props {
  const found = new Map<number, Value>()
  let at = 4
  const word = () => {
    const value = bytes.readUInt32LE(at)
    at += 4
    return value
  }
  const padded = (length: number) => {
    const value = bytes.subarray(at, at + length)
    at += (length + 3) & ~3
    return value
  }
  try {
    const count = Math.min(bytes.readUInt32LE(0), mostProperties)
    for (let n = 0; n < count; n += 1) {
      const type = bytes.readUInt16LE(at)
      const id = bytes.readUInt16LE(at + 2)
      at += 4
      // A named one brings its name along.
      if (id >= 0x8000) {
        at += 16
        if (word() === 0) at += 4
        else padded(word())
      }
      const plain = type & ~0x1000
      const size = sizes[plain]
      const values = type & 0x1000 || lengthy.has(plain) ? word() : 1
      if (values > mostProperties || (size === undefined && !lengthy.has(plain))) break
      for (let i = 0; i < values; i += 1) {
        const value = padded(size ?? word())
        if (i === 0) found.set(id, { bytes: value, wide: plain === 0x1f, object: plain === 0xd })
      }
    }
  } catch (error) {
    // Cut short: what stands before is as good as ever.
    if (!(error instanceof RangeError)) throw error
  }
  return found
}

const pages: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gb18030',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  20932: 'euc-jp',
  50220: 'iso-2022-jp',
  51949: 'euc-kr',
  54936: 'gb18030',
  65001: 'utf-8',
}

function textOf({ bytes, wide }: Value, codepage: number): string {
  const charset = wide
    ? 'utf-16le'
    : (pages[codepage] ?? (codepage >= 1250 && codepage <= 1258 ? `windows-${codepage}` : 'windows-1252'))
  return new TextDecoder(charsetName(charset)).decode(bytes).replace(/\0+$/u, '')
}
