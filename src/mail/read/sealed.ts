import { Buffer } from 'node:buffer'
import { fieldOf } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

// Mail that is signed or encrypted by S/MIME (RFC 8551) or PGP (RFC 3156). Signatures of persons are not checked here; what is only
// wrapped in one is unwrapped, what is encrypted says so.

/** How a mail is closed to us. */
export type Sealed = 'smime' | 'pgp'

const mostWrappings = 3

/** The mail within an S/MIME signature that encloses it, under the same headers; the same bytes where there is none. */
export function unwrapped(raw: Buffer): { readonly raw: Buffer; readonly steps: readonly string[] } {
  let now = raw
  for (let n = 0; n < mostWrappings; n += 1) {
    const inner = signedIn(now)
    if (!inner) break
    now = inner
  }
  return { raw: now, steps: now === raw ? [] : ['signed'] }
}

function signedIn(raw: Buffer): Buffer | undefined {
  const { head, body } = cut(raw)
  const type = fieldOf(head, 'content-type').trim()
  if (!/^application\/(?:x-)?pkcs7-mime\b/iu.test(type) || /enveloped|certs-only|compressed/iu.test(type))
    return undefined
  const content = contentOfSigned(decodeTransfer(body, fieldOf(head, 'content-transfer-encoding').toLowerCase()))
  if (!content) return undefined
  const headless = /^\r?\n/u.exec(content.toString('latin1', 0, 2))?.[0]
  const inner = headless === undefined ? cut(content) : { head: '', body: content.subarray(headless.length) }
  // Who wrote it, and who vouches for that, is said outside; within stands only what its parts are.
  const kept = (inner.head.match(contentFields) ?? []).map(
    (field) => `${field.replaceAll(/\r(?!\n)/gu, ' ').trimEnd()}\r\n`,
  )
  const outer = head.replace(contentFields, '').trimEnd()
  return Buffer.concat([Buffer.from(`${outer}\r\n${kept.join('')}\r\n`, 'latin1'), inner.body])
}

const contentFields = /(?:^|(?<=\n))content-[\w-]+[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|$)/giu

function cut(raw: Buffer): { head: string; body: Buffer } {
  const start = raw.toString('latin1', 0, Math.min(raw.length, 1024 * 1024))
  const end = /\r?\n\r?\n/u.exec(start)
  return end
    ? { head: `${start.slice(0, end.index)}\n`, body: raw.subarray(end.index + end[0].length) }
    : { head: start, body: Buffer.alloc(0) }
}

/** What is encrypted for somebody else's key. */
export function sealedBy(contentType: string, text: string, fileTypes: readonly string[]): Sealed | null {
  if (/^multipart\/encrypted\b/iu.test(contentType) || /^\s*-----BEGIN PGP MESSAGE-----/u.test(text)) return 'pgp'
  const wrapped = /^application\/(?:x-)?pkcs7-mime\b/iu
  return wrapped.test(contentType) || (text.trim() === '' && fileTypes.some((t) => wrapped.test(t))) ? 'smime' : null
}

/** A text with a PGP signature around it, without that. */
export function withoutPgpSignature(text: string): string {
  return text.replace(
    /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]+: [^\n]*\n)*\n([^]*?)\n-----BEGIN PGP SIGNATURE-----\n[^]*?-----END PGP SIGNATURE-----$/mu,
    (_all, words: string) => words.replace(/^- /gmu, ''),
  )
}

/** One element of BER: where its content stands; an indefinite length is found by its end. */
type Element = { readonly tag: number; readonly from: number; readonly to: number; readonly next: number }

const deepest = 12

function elementAt(bytes: Buffer, at: number, depth = 0): Element | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 31) === 31 || depth > deepest) return undefined
  if (first === 0x80) {
    let inner = at + 2
    while (bytes[inner] !== 0 || bytes[inner + 1] !== 0) {
      const one = elementAt(bytes, inner, depth + 1)
      if (!one) return undefined
      inner = one.next
    }
    return { tag, from: at + 2, to: inner, next: inner + 2 }
  }
  const more = first < 0x80 ? 0 : first & 0x7f
  if (more > 4 || at + 2 + more > bytes.length) return undefined
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more)
  const from = at + 2 + more
  return from + length > bytes.length ? undefined : { tag, from, to: from + length, next: from + length }
}

function childrenOf(bytes: Buffer, parent: Element): Element[] {
  const found: Element[] = []
  for (let at = parent.from; at < parent.to; ) {
    const one = elementAt(bytes, at)
    if (!one || one.next <= at) break
    found.push(one)
    at = one.next
  }
  return found
}

const signedData = Buffer.from('2a864886f70d010702', 'hex')

/** The bytes a CMS signature (RFC 5652) encloses; undefined for anything else. */
export function contentOfSigned(bytes: Buffer): Buffer | undefined {
  const outer = elementAt(bytes, 0)
  const [type, wrapped] = outer ? childrenOf(bytes, outer) : []
  if (!type || !wrapped || !bytes.subarray(type.from, type.to).equals(signedData)) return undefined
  const [data] = childrenOf(bytes, wrapped)
  // Version, digests, then what is enclosed: its kind, and itself.
  const enclosed = data && childrenOf(bytes, data)[2]
  const content = enclosed && childrenOf(bytes, enclosed)[1]
  const octets = content && childrenOf(bytes, content)[0]
  if (!octets) return undefined
  const pieces = piecesOf(bytes, octets, 0)
  return pieces.length > 0 ? Buffer.concat(pieces) : undefined
}

/** A string of bytes may be in pieces. */
function piecesOf(bytes: Buffer, one: Element, depth: number): Buffer[] {
  if (one.tag === 0x04) return [bytes.subarray(one.from, one.to)]
  if (one.tag !== 0x24 || depth > 3) return []
  return childrenOf(bytes, one).flatMap((piece) => piecesOf(bytes, piece, depth + 1))
}
