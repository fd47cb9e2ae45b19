import { Buffer } from 'node:buffer'

/** A mail may bring thousands, each a question to somebody's name servers and a key to be tried. */
const mostSignatures = 5
const mostHead = 1024 * 1024
const field = /(?:^|(?<=\n))dkim-signature[^\S\n]*:[^\n]*(?:\n[^\S\n][^\n]*)*(?:\n|$)/giu

/** The mail with five of its DKIM signatures at most: first those of the author's domain, or of one above or below it. */
export function withFewSignatures(raw: Buffer, author: string): Buffer {
  const start = raw.toString('latin1', 0, mostHead)
  const end = /\r?\n\r?\n/u.exec(start)?.index ?? start.length
  const head = start.slice(0, end)
  const all = [...head.matchAll(field)]
  if (all.length <= mostSignatures) return raw
  const domain = author.slice(author.indexOf('@') + 1)
  const aligned = (signature: string) => isRelated(domain, domainIn(signature))
  const kept = new Set(
    [...all.filter((m) => aligned(m[0])), ...all.filter((m) => !aligned(m[0]))]
      .slice(0, mostSignatures)
      .map((m) => m.index),
  )
  let at = 0
  let rest = ''
  for (const { 0: text, index } of all) {
    if (kept.has(index)) continue
    rest += head.slice(at, index)
    at = index + text.length
  }
  return Buffer.concat([Buffer.from(rest + head.slice(at), 'latin1'), raw.subarray(end)])
}

const domainIn = (signature: string) => /[;:\s]d[^\S]*=\s*([^;\s]+)/iu.exec(signature)?.[1]?.toLowerCase() ?? ''

const isRelated = (domain: string, other: string) =>
  other === domain || other.endsWith(`.${domain}`) || (other.includes('.') && domain.endsWith(`.${other}`))
