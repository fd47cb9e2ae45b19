import { canonicalJson } from '../kit/pure/jcs.ts'
import { sha256, sha256Hex } from '../kit/sha256.ts'
import type { EventActor, NewEvent } from './domain/event.ts'

/** An event as it is kept: numbered, chained to the one before. */
export type StoredEvent = NewEvent & {
  readonly seq: number
  readonly at: number
  readonly actor: EventActor
  readonly prev: Buffer
  readonly hash: Buffer
}

/** The hash before the first event. */
export const genesis = Buffer.alloc(32)

type Hashed = {
  org: string
  complaint: string
  seq: number
  type: string
  v: number
  at: number
  actor: EventActor
  payload: unknown
}

/** sha256(prev ‖ RFC 8785 JSON of {org, complaint, seq, type, v, at, actor, payload}). */
export function eventHash(prev: Buffer, e: Hashed): Buffer {
  return eventHashed(prev, e).hash
}

/** The same, with the canonical text of the payload, which is what may be stored: for those who write many. */
export function eventHashed(prev: Buffer, e: Hashed): { readonly hash: Buffer; readonly payload: string } {
  const { org, complaint, seq, type, v, at, actor } = e
  const payload = canonicalJson(e.payload)
  const before = canonicalJson({ actor, at: new Date(at).toISOString(), complaint, org })
  const behind = canonicalJson({ seq, type, v })
  // The keys of an object in the order of RFC 8785: payload stands between org and seq.
  const text = `${before.slice(0, -1)},"payload":${payload},${behind.slice(1)}`
  return { hash: sha256(prev, text), payload }
}

/** Numbers and chains new events onto a head. */
export function chain(
  org: string,
  complaint: string,
  head: { seq: number; hash: Buffer },
  events: readonly NewEvent[],
  at: number,
  actor: EventActor,
): StoredEvent[] {
  let { seq, hash } = head
  return events.map((e) => {
    seq += 1
    // What is hashed is what JSON keeps: undefined fields would be in the hash but not in the row.
    const payload = asJson(e.payload) as NewEvent['payload']
    const prev = hash
    hash = eventHash(prev, { org, complaint, seq, type: e.type, v: e.v, at, actor, payload })
    return { type: e.type, v: e.v, payload, seq, at, actor, prev, hash }
  })
}

/** What a round through JSON would give, without making its text. */
function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : asJson(item)))
  if ('toJSON' in value || Object.getPrototypeOf(value) !== Object.prototype) return JSON.parse(JSON.stringify(value))
  const copy: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) if (inner !== undefined) copy[key] = asJson(inner)
  return copy
}

/** A salted hash of erasable text: proves what was said while it is there, says nothing once it and its salt are gone. */
export function textHash(salt: Buffer, text: string): string {
  return sha256Hex(salt, text)
}
