import { Readable } from 'node:stream'
import { fileTypeFromBuffer } from 'file-type'

/** How many bytes of a file are looked at. */
export const HEAD_BYTES = 4096

/**
 * What a file may be treated as. `document-unsafe` runs as a page or a program when opened (SVG, HTML, XML, scripts,
 * executables) and is only ever handed out as `application/octet-stream`; `unknown` likewise, because nobody knows.
 */
export type FileKind = 'image' | 'audio' | 'video' | 'document' | 'text' | 'archive' | 'document-unsafe' | 'unknown'

/** `extension` is the true one without a dot, or '' where the bytes do not tell. */
export type Sniffed = { readonly kind: FileKind; readonly mime: string; readonly extension: string }

/** The first 4 KiB of a stream (fewer when it is shorter), and a stream of all its bytes, the first ones included. */
export async function peek(source: AsyncIterable<Uint8Array>): Promise<{ head: Buffer; stream: Readable }> {
  const iterator = source[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let length = 0
  while (length < HEAD_BYTES) {
    const { done, value } = await iterator.next()
    if (done) break
    pieces.push(value)
    length += value.length
  }
  const head = Buffer.concat(pieces)
  return { head: head.subarray(0, HEAD_BYTES), stream: Readable.from(resumed(head, iterator), { objectMode: false }) }
}

async function* resumed(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/** What the bytes are, by the bytes alone: the type and the name the sender gave are never asked. */
export async function sniff(head: Uint8Array): Promise<Sniffed> {
  const bytes = head.subarray(0, HEAD_BYTES)
  // Asked first, because file-type takes the mark of UTF-16 for an MP3 frame.
  const wide = wideTextOf(bytes)
  if (wide !== undefined) return textKind(wide)
  const found = await fileTypeFromBuffer(bytes)
  if (found) return known(found.mime, found.ext)
  const text = plainText(new TextDecoder().decode(bytes))
  return text ? textKind(text) : { kind: 'unknown', mime: 'application/octet-stream', extension: '' }
}

function textKind(text: string): Sniffed {
  return isMarkup(text) ? UNSAFE : { kind: 'text', mime: 'text/plain', extension: 'txt' }
}

const UNSAFE: Sniffed = { kind: 'document-unsafe', mime: 'application/octet-stream', extension: '' }

/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = new Set([9, 10, 12, 13, 27])

const DOCUMENT =
  /^application\/(?:pdf|rtf|epub\+zip|x-cfb|vnd\.(?:openxmlformats-officedocument|oasis\.opendocument|ms-|visio).*)$/
const ARCHIVE =
  /^application\/(?:zip|gzip|x-(?:7z|bzip|xz|tar|rar|lzip|lzma|compress|gtar).*|vnd\.rar|zstd|vnd\.ms-cab.*)$/
const OPENS_AS_PROGRAM =
  /xml|html|svg|javascript|msdownload|executable|x-elf|mach|x-ms-shortcut|shellscript|wasm|java|shockwave/

function known(mime: string, extension: string): Sniffed {
  const document = DOCUMENT.test(mime)
  if (!document && OPENS_AS_PROGRAM.test(mime)) return UNSAFE
  if (document) return { kind: 'document', mime, extension }
  if (ARCHIVE.test(mime)) return { kind: 'archive', mime, extension }
  const family = /^(image|audio|video)\//.exec(mime)?.[1]
  if (family === 'image' || family === 'audio' || family === 'video') return { kind: family, mime, extension }
  return { kind: 'unknown', mime: 'application/octet-stream', extension }
}

/** The text of UTF-16 with its mark, or undefined. */
function wideTextOf(bytes: Uint8Array): string | undefined {
  const mark = bytes.length < 2 ? '' : `${bytes[0]},${bytes[1]}`
  if (mark !== '255,254' && mark !== '254,255') return undefined
  return plainText(new TextDecoder(mark === '255,254' ? 'utf-16le' : 'utf-16be').decode(bytes))
}

/**
 * The text, unless it holds controls that no text has (escape is allowed, for ISO-2022-JP). Other codes
 * such as Big5 decode with replacement characters and count as text.
 */
function plainText(text: string): string | undefined {
  return text === '' || Array.from(text, (c) => c.charCodeAt(0)).some(isBinaryControl) ? undefined : text
}

function isBinaryControl(code: number): boolean {
  return code === 127 || (code < 32 && !TEXT_CONTROLS.has(code))
}

/** Errs on the side of "yes": the price is only that a text is downloaded under a neutral type. */
function isMarkup(text: string): boolean {
  return (
    /^\s*(?:<[a-z!?/]|#!)/i.test(text) || /<(?:script|html|svg|iframe|object|embed|body|!doctype|\?xml)\b/i.test(text)
  )
}
