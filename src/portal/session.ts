import { randomBytes } from 'node:crypto'
import { hmac, safeEqual } from '../kit/secrets.ts'
import { cookieOf, setCookie } from './cookies.ts'
import type { Visit } from './visit.ts'

const trackCookie = 'redress_track'
const idleMs = 30 * 60_000
const linkMs = 90 * 24 * 3_600_000

/** Opens one complaint and nothing else, for half an hour after the last page. */
export type TrackSession = { readonly complaintId: string; readonly nonce: string }

const cookieShape = /^([0-9a-f-]{36})\.(\d{13,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/
const linkShape = /^([0-9a-f-]{36})\.(\d{13,15})\.([A-Za-z0-9_-]{43})$/

type Signer = { readonly subkey: (purpose: string) => Buffer }

function mac(app: Signer, purpose: string, parts: readonly (string | number)[]): string {
  return hmac(app.subkey(purpose), parts.join('|')).toString('base64url')
}

export function startSession(visit: Visit, complaintId: string): void {
  keepSession(visit, { complaintId, nonce: randomBytes(16).toString('base64url') })
}

/** Half an hour more. */
export function keepSession(visit: Visit, { complaintId, nonce }: TrackSession): void {
  const until = visit.now + idleMs
  const signature = mac(visit.app, 'portal-track', [visit.org.id, complaintId, until, nonce])
  setCookie(visit, trackCookie, `${complaintId}.${until}.${nonce}.${signature}`, '/track', idleMs / 1000)
}

export function endSession(visit: Visit): void {
  setCookie(visit, trackCookie, '', '/track', 0)
}

/** The complaint this browser has opened; undefined when none, too old, or not of our making. */
export function sessionOf(visit: Visit): TrackSession | undefined {
  const cookie = cookieShape.exec(cookieOf(visit.request.headers.cookie, trackCookie) ?? '')
  const [, complaintId = '', until = '', nonce = '', signature = ''] = cookie ?? []
  if (!cookie || Number(until) <= visit.now) return undefined
  const good = safeEqual(mac(visit.app, 'portal-track', [visit.org.id, complaintId, until, nonce]), signature)
  return good ? { complaintId, nonce } : undefined
}

export function trackCsrf(visit: Visit, session: TrackSession): string {
  return mac(visit.app, 'portal-csrf', [visit.org.id, session.complaintId, session.nonce])
}

export function isTrackCsrf(visit: Visit, session: TrackSession, given: string): boolean {
  return safeEqual(trackCsrf(visit, session), given)
}

/** Names a draft or complaint to the script that keeps unsent words in a tab; tells nothing about it. */
export function wordsOf(visit: Visit, id: string): string {
  return mac(visit.app, 'portal-words', [visit.org.id, id]).slice(0, 22)
}

/**
 * Path of a link that opens one complaint for 90 days, to be put behind the public address in a mail to its complainant.
 * Bound to the secret's hash, so that a new secret ends it.
 */
export function trackLinkPath(
  app: Signer,
  org: { id: string; slug: string },
  complaint: { id: string; secretHash: Buffer },
  now: number,
): string {
  const until = now + linkMs
  const signature = mac(app, 'portal-link', [org.id, complaint.id, until, complaint.secretHash.toString('hex')])
  return `/p/${org.slug}/track/link?t=${complaint.id}.${until}.${signature}`
}

/** The complaint a link names; `isGoodLink` then proves it against the stored secret's hash. */
export function readLink(text: string): { complaintId: string; until: string; signature: string } | undefined {
  const [, complaintId, until, signature] = linkShape.exec(text) ?? []
  return complaintId && until && signature ? { complaintId, until, signature } : undefined
}

export function isGoodLink(
  visit: Visit,
  link: { complaintId: string; until: string; signature: string },
  secretHash: Buffer,
): boolean {
  const expected = mac(visit.app, 'portal-link', [
    visit.org.id,
    link.complaintId,
    link.until,
    secretHash.toString('hex'),
  ])
  return safeEqual(expected, link.signature) && Number(link.until) > visit.now
}
