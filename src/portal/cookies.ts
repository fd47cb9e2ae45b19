import { fastifyCookie } from '@fastify/cookie'
import type { Visit } from './visit.ts'

/** A cookie of this request; undefined when absent. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  if (!header?.includes(name)) return undefined
  const all: Record<string, unknown> = fastifyCookie.parse(header)
  const value = Object.hasOwn(all, name) ? all[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** Sets (or with '' ends) a cookie that scripts cannot read. `path` is within the portal of the organisation. */
export function setCookie(visit: Visit, name: string, value: string, path: string, seconds: number): void {
  const secure = (visit.app.config.publicUrl ?? '').startsWith('https:')
  const cookie = fastifyCookie.serialize(name, value, {
    path: `${visit.base}${path}`,
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: value ? seconds : 0,
  })
  visit.reply.header('set-cookie', cookie)
}
