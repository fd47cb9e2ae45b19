import { randomBytes } from 'node:crypto'
import { hmac, safeEqual } from '../kit/secrets.ts'

// A browser that signed in before is let forward when many press at the door. It opens nothing, and is good for one account.

export const deviceCookie = 'redress_device'
const pattern = new RegExp(`(?:^|;)\\s*${deviceCookie}=([A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43})\\s*(?:;|$)`)
const yearSeconds = 365 * 86_400

/** What a browser keeps after signing in to this account. */
export function deviceMark(key: Buffer, mail: string): string {
  const nonce = randomBytes(16).toString('base64url')
  return `${nonce}.${signed(key, nonce, mail)}`
}

/** Whether this mark was given to a browser that signed in to this account. */
export function isKnownDevice(key: Buffer, mark: string | undefined, mail: string): boolean {
  const [nonce, signature] = (mark ?? '').split('.')
  return nonce !== undefined && signature !== undefined && safeEqual(signature, signed(key, nonce, mail))
}

/** The mark among a request's cookies, if it can be one. */
export function deviceOfCookies(cookieHeader: string | undefined): string | undefined {
  return pattern.exec(cookieHeader ?? '')?.[1]
}

export function deviceSetCookie(mark: string, publicUrl: string): string {
  const parts = [`${deviceCookie}=${mark}`, 'Path=/api/v1', `Max-Age=${yearSeconds}`, 'HttpOnly', 'SameSite=Strict']
  if (publicUrl.startsWith('https:')) parts.push('Secure')
  return parts.join('; ')
}

function signed(key: Buffer, nonce: string, mail: string): string {
  return hmac(key, `${nonce}\n${mail.trim().toLowerCase()}`).toString('base64url')
}
