import { createHash, hash } from 'node:crypto'

/** Longer ones are rare, and cost what they cost. */
const scratch = Buffer.allocUnsafeSlow(32_768)

/** What is hashed, as one piece: a hash of small things takes half as long in one call as in three. */
function together(head: Uint8Array, text: string): Buffer | undefined {
  if (head.length + text.length * 3 > scratch.length) return undefined
  scratch.set(head)
  return scratch.subarray(0, head.length + scratch.write(text, head.length))
}

/** sha256(head ‖ UTF-8 of text), 32 bytes. */
export function sha256(head: Uint8Array, text: string): Buffer {
  const whole = together(head, text)
  return whole ? hash('sha256', whole, 'buffer') : createHash('sha256').update(head).update(text).digest()
}

/** sha256(head ‖ UTF-8 of text) in hex. */
export function sha256Hex(head: Uint8Array, text: string): string {
  const whole = together(head, text)
  return whole ? hash('sha256', whole, 'hex') : createHash('sha256').update(head).update(text).digest('hex')
}
