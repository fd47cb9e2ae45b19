import type { FastifyReply, FastifyRequest } from 'fastify'
import { locale as localeShape } from '../kit/contract/shapes.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { publicActor } from './doors.ts'
import { cookieOf, setCookie } from './cookies.ts'
import { organisationBySlug, places } from './store.ts'
import type { Visit } from './visit.ts'
import { pickLocale, speaker } from './words.ts'

const langCookie = 'redress_lang'
const yearSeconds = 365 * 24 * 3600

/** Who this page belongs to and in which language it speaks; refuses an unknown organisation with 404. */
export async function visitOf(app: Services, request: FastifyRequest, reply: FastifyReply): Promise<Visit> {
  const slug = (request.params as { slug?: string }).slug ?? ''
  const org = /^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)
    ? await app.db.withoutScope((tx) => organisationBySlug(tx, slug))
    : undefined
  if (!org) throw new RefusalError({ code: 'portal.no-such-organisation', status: 404 })
  const rows = await app.db.withScope(publicActor(org, 'portal').scope, (tx) => places(tx, org.id), 'read')
  const path = request.url.split('?')[0] ?? ''
  const wished = (request.query as { lang?: unknown }).lang
  const locale = localeOf(request, org.locale)
  const base = `/p/${org.slug}`
  const visit: Visit = {
    app,
    org,
    jurisdictions: rows.map((r) => r.jurisdiction),
    locale,
    say: speaker(locale, org.termSet),
    now: app.now(),
    base,
    here: path.slice(base.length),
    request,
    reply,
  }
  if (localeShape.safeParse(wished).success) setCookie(visit, langCookie, locale, '', yearSeconds)
  return visit
}

/** For pages without an organisation too. */
export function localeOf(request: FastifyRequest, standard: string) {
  const query = request.query as { lang?: unknown } | undefined
  const chosen = [query?.lang, cookieOf(request.headers.cookie, langCookie)]
  return pickLocale(chosen, request.headers['accept-language'], standard)
}
