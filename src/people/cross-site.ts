import type { FastifyRequest } from 'fastify'
import { RefusalError } from '../kit/pure/result.ts'

/**
 * A request that changes something and is authenticated by cookie must come from our own pages: the browser says so in
 * Sec-Fetch-Site, an old one in Origin. With neither it is refused, unless `lenient` (sign-in from a program, which
 * carries no cookie yet).
 */
export function assertSameSite(request: FastifyRequest, publicUrl: string, lenient = false): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return
    throw crossSite()
  }
  const origin = request.headers.origin
  if (origin === undefined ? !lenient : !isOurs(origin, request.headers.host, publicUrl)) throw crossSite()
}

function isOurs(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false
  return new URL(origin).host === host || (URL.canParse(publicUrl) && new URL(publicUrl).origin === origin)
}

function crossSite(): RefusalError {
  return new RefusalError({ code: 'request.cross-site', status: 403 })
}
