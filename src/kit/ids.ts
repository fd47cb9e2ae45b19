import { randomBytes } from 'node:crypto'
import { uuidv7 } from './pure/uuid.ts'

/** Timestamp and 12-bit counter of the last id (RFC 9562, 6.2 method 1); kept so that ids only ever rise. */
let last = { ms: 0, counter: 0 }

/**
 * A new UUIDv7 for `now` (epoch ms). Ids of one process rise strictly, also when the clock stands or steps back: then
 * they run ahead of it by 1 ms for each 4,096 of them.
 */
export function newId(now: number): string {
  const random = tenRandomBytes()
  last = now > last.ms ? { ms: now, counter: random.readUInt16BE() & 0x7ff } : next(last)
  random.writeUInt16BE(last.counter)
  return uuidv7(last.ms, random)
}

/** A source of new ids for one decision: `const id = newIds(now)`, then `id()` for each thing born. */
export function newIds(now: number): () => string {
  return () => newId(now)
}

/** One call of the system for 400 ids: asked for each id it cost more than all the rest. Used bytes are never used again. */
let pool = Buffer.alloc(0)
function tenRandomBytes(): Buffer {
  if (pool.length < 10) pool = randomBytes(4000)
  const taken = pool.subarray(0, 10)
  pool = pool.subarray(10)
  return taken
}

function next({ ms, counter }: typeof last): typeof last {
  return counter < 0xfff ? { ms, counter: counter + 1 } : { ms: ms + 1, counter: 0 }
}
