import { createHash } from 'node:crypto'
import { makeReference } from '../kit/pure/base32.ts'
import { hmac, safeEqual } from '../kit/secrets.ts'
import type { Services } from '../kit/services.ts'

/** The receipt code of a complaint: derived, so that a repeated submission shows the same; only its hash is stored. */
export function receiptSecret(app: Pick<Services, 'subkey'>, complaintId: string): string {
  return makeReference(hmac(app.subkey('portal-receipt'), complaintId).subarray(0, 9))
}

/** What is stored of a receipt code: keyed, so that whoever holds the database alone cannot try codes against it. */
export function secretHash(app: Pick<Services, 'subkey'>, secret: string): Buffer {
  return hmac(app.subkey('receipt-hash'), secret)
}

/** Whether this code opens what has this hash; rows from before the key hold the plain hash and stay as good. */
export function opensWith(app: Pick<Services, 'subkey'>, secret: string, stored: Buffer): boolean {
  const keyed = safeEqual(secretHash(app, secret), stored)
  const plain = safeEqual(createHash('sha256').update(secret).digest(), stored)
  return keyed || plain
}
