import { createHash } from 'node:crypto'
import { answering, listing } from './domain/class.ts'

/** How a mail was handed over, as far as that decides what it is. `mailFrom`: null where nobody knows what the envelope said. */
export type HandedOver = { readonly mailFrom: string | null; readonly rcptTo: readonly string[] }

/**
 * What a mail is known by before anybody reads it: its Message-ID with what it says, and what decides what it is taken for. The
 * same mail twice has the same; another one under a Message-ID that was used before has not, nor has one without any. Nor has
 * one that was made to look automatic, or sent to another reply address: whoever got a copy cannot have the real one taken
 * for a repetition of theirs. What else servers add on the way (Received, …) and line ends count for nothing.
 */
export function itemKey(raw: Uint8Array, { mailFrom, rcptTo }: HandedOver): string {
  const { head, body } = split(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
  const named = fieldsOf(head)
  const all = (name: string) => named.get(name) ?? []
  const hash = createHash('sha256')
  const add = (text: string) => hash.update(`${text}\0`, 'latin1')
  for (const name of [...written, ...telling]) add(all(name).join('\n'))
  const sender = mailFrom ?? all('return-path')[0]?.replaceAll(/[<>\s]/g, '') ?? 'unknown'
  add(sender === '' ? 'nobody' : '')
  const reached = [...rcptTo, ...reaching.flatMap(all)].join(' ').toLowerCase()
  add([...new Set(reached.match(/\+[^+@\s,<>]+(?=@)/g))].sort().join())
  add(reached.includes('autoresponder') ? 'autoresponder' : '')
  hash.update(body.toString('latin1').replaceAll('\r', '').trimEnd(), 'latin1')
  return `mail:${hash.digest('base64url')}`
}

/** What its author's program wrote. */
const written = [
  'message-id',
  'from',
  'sender',
  'to',
  'cc',
  'reply-to',
  'date',
  'subject',
  'in-reply-to',
  'references',
  'auto-submitted',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
]

/** What says of which kind it is; everything else servers may add or change. */
const telling = ['x-redress-mail', 'x-failed-recipients', 'precedence', ...answering, ...listing]

/** Whom it reached on its way: where a reply address stands after forwarding. */
const reaching = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to', 'x-delivered-to']

/**
 * What a mail is known by once it is taken in (hex): kept beside a complaint it is another than said there, so that a copy that
 * was made to look automatic does not stand for the real one.
 */
export const keptPrint = (fingerprint: string, as: string): string =>
  as === 'new' || as === 'message' ? fingerprint : createHash('sha256').update(`${as} ${fingerprint}`).digest('hex')

/** A Message-ID as it is kept: hashed, without what stands around it. */
export function idHash(id: string): Buffer {
  const plain = id.trim().replaceAll(/^<|>$/g, '')
  return createHash('sha256').update(plain).digest()
}

/** Headers are short; a "mail" that is one endless header is all body. */
const longestHead = 256 * 1024

function split(raw: Buffer): { head: string; body: Buffer } {
  const start = raw.subarray(0, longestHead).toString('latin1')
  const end = /\r?\n\r?\n/.exec(start)
  return end
    ? { head: start.slice(0, end.index), body: raw.subarray(end.index + end[0].length) }
    : { head: start, body: raw }
}

/** The fields at the head of a mail: the first of each name, in small letters. */
export const headOf = (raw: Buffer): ReadonlyMap<string, string> =>
  new Map([...fieldsOf(split(raw).head)].map(([name, [first = '']]) => [name, first]))

/** All of each name, in their order, unfolded, without surrounding space. */
function fieldsOf(head: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
    if (colon <= 0) continue
    const value = line.slice(colon + 1).trim()
    const before = found.get(name)
    if (before) before.push(value)
    else found.set(name, [value])
  }
  return found
}
