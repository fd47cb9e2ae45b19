import { createHash, randomBytes } from 'node:crypto'

export const sessionCookie = 'redress_session'
export const idleMs = 12 * 3_600_000
export const absoluteMs = 7 * 24 * 3_600_000
const cookiePattern = new RegExp(`(?:^|;)\\s*${sessionCookie}=([A-Za-z0-9_-]{43})\\s*(?:;|$)`)
const keyPattern = /^rk_[A-Za-z0-9_-]{43}$/

/** 256 random bits, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a token: enough to find it, not to use it. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A new API key (`rk_…`), its stored hash and the start that lists show. */
export function newApiKey(): { key: string; hash: Buffer; prefix: string } {
  const key = `rk_${newToken()}`
  return { key, hash: tokenHash(key), prefix: key.slice(0, 9) }
}

/** The session token among a request's cookies, if it can be one. */
export function sessionToken(cookieHeader: string | undefined): string | undefined {
  return cookiePattern.exec(cookieHeader ?? '')?.[1]
}

/**
 * The API key of an Authorization header: undefined without one, '' when it cannot be a key. Other schemes are not ours:
 * a proxy in front may ask for Basic.
 */
export function bearerKey(header: string | undefined): string | undefined {
  if (header === undefined || !/^bearer\b/i.test(header)) return undefined
  const key = /^bearer +(\S+)$/i.exec(header)?.[1] ?? ''
  return keyPattern.test(key) ? key : ''
}

/** Set-Cookie for a new session, or for its end when there is no token. */
export function sessionSetCookie(token: string | undefined, publicUrl: string): string {
  const parts = [
    `${sessionCookie}=${token ?? ''}`,
    'Path=/',
    `Max-Age=${token ? absoluteMs / 1000 : 0}`,
    'HttpOnly',
    'SameSite=Lax',
  ]
  if (publicUrl.startsWith('https:')) parts.push('Secure')
  return parts.join('; ')
}
