import { Buffer } from 'node:buffer'
import { mendHead } from './mend-head.ts'
import { charsetOf } from './charset.ts'
import { parameterOf, type Place } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

/** Bytes in place of others. */
export type Patch = { readonly from: number; readonly to: number; readonly bytes: Buffer }
export type Mended = { readonly raw: Buffer; readonly steps: readonly string[] }

/** Parts longer than this are taken as labelled. */
const longestText = 8 * 1024 * 1024

/**
 * What a parser would misread, put right in the bytes before it reads them: headers in no known charset, encoded words and
 * texts with a wrong label, multiparts whose boundary is not named. Ordinary mail comes back untouched.
 */
export function mend(raw: Buffer, places: readonly Place[]): Mended {
  const steps = new Set<string>()
  const patches: Patch[] = []
  for (const place of places) {
    if (place.sealed) continue
    const head = raw.subarray(place.headFrom, place.headTo)
    const { label, body } = mendText(raw, place, steps)
    const bounded = mendBoundary(raw, place, steps)
    const changed = mendHead(
      head,
      { contentType: label ?? bounded, plainBody: body !== null, hint: hintOf(places) },
      steps,
    )
    if (changed !== null) patches.push({ from: place.headFrom, to: place.headTo, bytes: changed })
    if (body !== null) patches.push({ from: place.bodyFrom, to: place.bodyTo, bytes: body })
  }
  return patches.length === 0 ? { raw, steps: [] } : { raw: apply(raw, patches), steps: [...steps] }
}

/** The charset the mail speaks of itself: what its headers are most likely written in. */
function hintOf(places: readonly Place[]): string | undefined {
  for (const { contentType } of places) {
    const label = parameterOf(contentType, 'charset')
    if (label !== undefined) return label
  }
  return undefined
}

/** The right Content-Type for a text whose label is wrong; with `body` where it has to be written anew. */
function mendText(raw: Buffer, place: Place, steps: Set<string>): { label: string | null; body: Buffer | null } {
  const { contentType, bodyFrom, bodyTo, encoding, leaf } = place
  if (
    !leaf ||
    /^attachment/iu.test(place.disposition) ||
    bodyTo - bodyFrom > longestText ||
    !/^$|^text(?:\/(?:plain|html))?\s*(?:;|$)/iu.test(contentType)
  )
    return { label: null, body: null }
  const bytes = decodeTransfer(raw.subarray(bodyFrom, bodyTo), encoding)
  const written = charsetOf(bytes, parameterOf(contentType, 'charset'))
  if (written === null) return { label: null, body: null }
  steps.add('charset')
  const label = withCharset(contentType === '' ? 'text/plain' : contentType, written.charset)
  return { label, body: written.text === undefined ? null : Buffer.from(written.text, 'utf8') }
}

function withCharset(contentType: string, charset: string): string {
  const type = /^text\s*(?:;|$)/iu.test(contentType) ? contentType.replace(/^text/iu, 'text/plain') : contentType
  const without = type.replace(/;\s*charset\*?\s*=\s*(?:"[^"]*"|[^;]*)/giu, '').replace(/[\s;]+$/u, '')
  return `${without}; charset=${charset}`
}

/** A multipart whose boundary is not named, or never met, is cut at the dashed line that comes twice; else it is a text. */
function mendBoundary(raw: Buffer, place: Place, steps: Set<string>): string | null {
  if (!place.lost) return null
  const body = raw.toString('latin1', place.bodyFrom, Math.min(place.bodyTo, place.bodyFrom + 1_000_000))
  const found = boundaryIn(body)
  if (found !== null) {
    steps.add('boundary')
    return `${/^multipart\/[\w-]+/iu.exec(place.contentType)?.[0] ?? 'multipart/mixed'}; boundary="${found}"`
  }
  if (place.depth > 0 || !/\S\s+\S/u.test(body)) return null
  steps.add('no-parts')
  return 'text/plain'
}

function boundaryIn(body: string): string | null {
  const candidates = new Set<string>()
  for (const [, candidate = ''] of body.matchAll(/^--([^\s"]{3,200}?)(?:--)?[ \t]*\r?\n(?:content-|mime-|x-)/gimu)) {
    candidates.add(candidate)
    if (candidates.size > 20) break
  }
  return [...candidates].find((c) => body.includes(`\n--${c}--`) || body.split(`--${c}`).length > 2) ?? null
}

function apply(raw: Buffer, patches: readonly Patch[]): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  for (const { from, to, bytes } of [...patches].sort((a, b) => a.from - b.from)) {
    if (from < at) continue
    pieces.push(raw.subarray(at, from), bytes)
    at = to
  }
  return Buffer.concat([...pieces, raw.subarray(at)])
}
