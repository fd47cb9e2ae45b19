import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { formatReference, makeReference, parseReference } from '../kit/pure/base32.ts'
import { hmac, open, seal, subkey } from '../kit/secrets.ts'

const period = 30
const codesGiven = 10

/** The parts of the second factor that need the master secret. */
export type TotpKeys = { readonly sealing: Buffer; readonly recovery: Buffer }

export function totpKeys(master: Buffer): TotpKeys {
  return { sealing: subkey(master, 'totp-secrets'), recovery: subkey(master, 'recovery-codes') }
}

/** A new secret: sealed for the row of `userId`, and as an authenticator app takes it. */
export function newSecret(
  keys: TotpKeys,
  userId: string,
  mail: string,
  issuer: string,
): { sealed: Buffer; secret: string; url: string } {
  const bytes = randomBytes(20)
  const totp = new TOTP({ issuer, label: mail, secret: new Secret({ buffer: arrayBuffer(bytes) }), period })
  return { sealed: seal(keys.sealing, bytes, `totp/${userId}`), secret: totp.secret.base32, url: totp.toString() }
}

/** The time step a code belongs to (one step early or late is fine), or undefined when it is wrong. */
export function stepOf(keys: TotpKeys, userId: string, sealed: Buffer, code: string, now: number): number | undefined {
  const token = code.normalize('NFKC').replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const secret = new Secret({ buffer: arrayBuffer(open(keys.sealing, sealed, `totp/${userId}`)) })
  const delta = new TOTP({ secret, period }).validate({ token, timestamp: now, window: 1 })
  return delta === null ? undefined : TOTP.counter({ period, timestamp: now }) + delta
}

/** Ten recovery codes (45 random bits each) to show once, and the keyed hashes to keep. */
export function newRecoveryCodes(keys: TotpKeys, userId: string): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: codesGiven }, () => makeReference(randomBytes(9)))
  return { codes: codes.map(formatReference), hashes: codes.map((code) => recoveryHash(keys, userId, code)) }
}

/** The hash of what was typed, or undefined when it cannot be a recovery code. */
export function typedRecoveryHash(keys: TotpKeys, userId: string, typed: string): Buffer | undefined {
  const code = parseReference(typed)
  return code ? recoveryHash(keys, userId, code) : undefined
}

function recoveryHash(keys: TotpKeys, userId: string, code: string): Buffer {
  return hmac(keys.recovery, `${userId} ${code}`)
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
