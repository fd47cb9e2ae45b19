import { createHash } from 'node:crypto'
import { canonicalJson } from '../kit/pure/jcs.ts'
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

/** sha256(prev ‖ RFC 8785 JSON of {org, complaint, seq, type, v, at, actor, payload}). */
export function eventHash(
  prev: Buffer,
  e: {
    org: string
    complaint: string
    seq: number
    type: string
    v: number
    at: number
    actor: EventActor
    payload: unknown
  },
): Buffer {
  const { org, complaint, seq, type, v, at, actor, payload } = e
  const text = canonicalJson({ org, complaint, seq, type, v, at: new Date(at).toISOString(), actor, payload })
  return createHash('sha256').update(prev).update(text).digest()
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
    const payload = JSON.parse(JSON.stringify(e.payload)) as NewEvent['payload']
    const prev = hash
    hash = eventHash(prev, { org, complaint, seq, type: e.type, v: e.v, at, actor, payload })
    return { type: e.type, v: e.v, payload, seq, at, actor, prev, hash }
  })
}

/** A salted hash of erasable text: proves what was said while it is there, says nothing once it and its salt are gone. */
export function textHash(salt: Buffer, text: string): string {
  return createHash('sha256').update(salt).update(text).digest('hex')
}
