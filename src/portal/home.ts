import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from '../kit/services.ts'
import { html } from './html.ts'
import { shell } from './layout.ts'
import { organisations } from './store.ts'
import { localeOf } from './visitor.ts'
import { labelIn, speaker } from './words.ts'

/** `/`: straight to the only organisation, else a list to choose from. */
export async function chooser(app: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const all = await app.db.withoutScope(organisations)
  const only = all.length === 1 ? all[0] : undefined
  if (only) return reply.redirect(`/p/${only.slug}/`, 302)
  const locale = localeOf(request, all[0]?.locale ?? 'zh-Hant')
  const say = speaker(locale, 'authority')
  const links = all.map((o) => html`<p><a class="btn s" href="/p/${o.slug}/">${labelIn(o.name, locale)}</a></p>`)
  const body = html`<main id="main"><h1>${say('home.title')}</h1>${links.length > 0 ? links : html`<p>${say('home.none')}</p>`}</main>`
  return reply
    .headers({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .type('text/html; charset=utf-8')
    .send(shell(locale, say('home.title'), body))
}
