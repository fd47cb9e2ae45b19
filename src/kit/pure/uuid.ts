/**
 * A UUID version 7 (RFC 9562): 48 bits of epoch milliseconds, then 74 of the 80 random bits given.
 * `random` is 10 bytes; RangeError for fewer, or for a time outside 0 … 2^48 − 1.
 */
export function uuidv7(nowMs: number, random: Uint8Array): string {
  if (!Number.isInteger(nowMs) || nowMs < 0 || nowMs >= 2 ** 48) throw new RangeError(`no UUIDv7 for time ${nowMs}`)
  if (random.length < 10) throw new RangeError('a UUIDv7 needs 10 random bytes')
  const time = nowMs.toString(16).padStart(12, '0')
  let tail = ''
  for (let i = 0; i < 10; i += 1) tail += hex[marked(random[i] ?? 0, i)]
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`
}

/** Puts the version (7) into byte 0 and the variant (10) into byte 2 of the tail. */
function marked(byte: number, index: number): number {
  if (index === 0) return (byte & 0x0f) | 0x70
  if (index === 2) return (byte & 0x3f) | 0x80
  return byte
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Whether the text is a UUID (versions 1–8) in the only form we write: lower case with hyphens. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text)
}

/** The epoch milliseconds inside a UUIDv7. */
export function uuidTime(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16)
}
