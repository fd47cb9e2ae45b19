import { Buffer } from 'node:buffer'
import type { Attachment, Email } from 'postal-mime'
import { charsetName } from './charset.ts'
import { cleanHtml, roughText, textOfHtml } from './html.ts'
import { parameterOf, type Place } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

// The parser takes a body line by line, 20 µs each: 25 MB of base64 would take it nine seconds. Long bodies are lifted out
// before, a token standing in their place, and are put back decoded.

type Lifted = { readonly token: string; readonly place: Place; readonly bytes: Buffer }
export type LiftedMail = { readonly raw: Buffer; readonly lifted: readonly Lifted[] }

/** Bodies shorter than this are the parser's. */
const least = 32 * 1024
const mostText = 1024 * 1024

/** The mail with a token for each long body; `places` are of these very bytes. */
export function lift(raw: Buffer, places: readonly Place[]): LiftedMail {
  const lifted: Lifted[] = []
  const pieces: Buffer[] = []
  let at = 0
  for (const place of places) {
    if (place.bodyFrom < at || !isLong(place)) continue
    const token = `lifted-${lifted.length}-of-${raw.length}-bytes`
    lifted.push({ token, place, bytes: decodeTransfer(bodyOf(raw, place), place.encoding) })
    pieces.push(headFor(raw.subarray(at, place.bodyFrom), place), Buffer.from(standIn(token, place)))
    at = place.bodyTo
  }
  return lifted.length === 0 ? { raw, lifted } : { raw: Buffer.concat([...pieces, raw.subarray(at)]), lifted }
}

function isLong({ leaf, enclosed, contentType, bodyFrom, bodyTo }: Place): boolean {
  if (!leaf || enclosed) return false
  const flowed = /format\s*=\s*"?flowed/iu.test(contentType)
  return bodyTo - bodyFrom > (flowed ? mostText : least)
}

/** The line break before a delimiter belongs to the delimiter. */
function bodyOf(raw: Buffer, { bodyFrom, bodyTo }: Place): Buffer {
  let end = bodyTo
  if (end < raw.length && raw[end - 1] === 10) end -= raw[end - 2] === 13 ? 2 : 1
  return raw.subarray(bodyFrom, Math.max(bodyFrom, end))
}

/** An enclosed mail that is lifted cannot be read on: it is a file. */
function headFor(head: Buffer, { contentType, headFrom, bodyFrom }: Place): Buffer {
  if (!/^message\/rfc822/iu.test(contentType)) return head
  const cut = head.length - (bodyFrom - headFrom)
  return Buffer.concat([head.subarray(0, cut), Buffer.from('Content-Disposition: attachment\r\n'), head.subarray(cut)])
}

function standIn(token: string, { encoding }: Place): string {
  return `${/base64/u.test(encoding) ? Buffer.from(token).toString('base64') : token}\r\n`
}

/** Puts the lifted bodies back: bytes where they are attached, text where they are words. */
export function putBack(email: Email, { lifted }: LiftedMail): Email {
  if (lifted.length === 0) return email
  const attachments = email.attachments.map((part) => {
    const found = lifted.find(({ token }) => sameAs(part, token))
    return found ? { ...part, content: found.bytes } : part
  })
  let { text, html } = email
  for (const one of lifted) {
    if (text?.includes(one.token)) text = text.replace(one.token, () => wordsOf(one, false))
    if (html?.includes(one.token)) html = html.replace(one.token, () => wordsOf(one, true))
  }
  return { ...email, attachments, ...(text === undefined ? {} : { text }), ...(html === undefined ? {} : { html }) }
}

function sameAs({ content }: Attachment, token: string): boolean {
  if (typeof content === 'string' || content.byteLength > token.length + 4) return false
  return (
    Buffer.from(content instanceof Uint8Array ? content : new Uint8Array(content))
      .toString('latin1')
      .trim() === token
  )
}

function wordsOf({ place, bytes }: Lifted, asHtml: boolean): string {
  const words = decoded(bytes, parameterOf(place.contentType, 'charset'))
  const isHtml = /^text\/html/iu.test(place.contentType)
  if (isHtml === asHtml) return words
  return asHtml
    ? `<pre>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`
    : textOfHtml(cleanHtml(words) ?? roughText(words))
}

function decoded(bytes: Buffer, charset: string | undefined): string {
  try {
    return new TextDecoder(charsetName(charset ?? 'utf-8')).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
