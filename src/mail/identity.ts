import { createHash } from 'node:crypto'

/**
 * What a mail is known by before anybody reads it: its Message-ID with what it says. The same mail twice has the same; another
 * one under a Message-ID that was used before has not, nor has one without any. What servers add on the way (Received, …) and
 * line ends count for nothing.
 */
export function itemKey(raw: Uint8Array): string {
  const { head, body } = split(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
  const named = fieldsOf(head)
  const hash = createHash('sha256')
  for (const name of written) hash.update(`${named.get(name) ?? ''}\0`, 'latin1')
  hash.update(body.toString('latin1').replaceAll('\r', '').trimEnd(), 'latin1')
  return `mail:${hash.digest('base64url')}`
}

/** What its author's program wrote; everything else servers may add or change. */
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
]

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
export const headOf = (raw: Buffer): ReadonlyMap<string, string> => fieldsOf(split(raw).head)

/** The first of each name, unfolded, without surrounding space. */
function fieldsOf(head: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
    if (colon > 0 && !found.has(name)) found.set(name, line.slice(colon + 1).trim())
  }
  return found
}
