import type { FastifyReply, FastifyRequest } from 'fastify'
import { isUnavailable } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { Services } from '../kit/services.ts'
import { html } from './html.ts'
import { shell } from './layout.ts'
import { localeOf } from './visitor.ts'
import { type Say, speaker, type Word } from './words.ts'

/** What went wrong, as a page in the reader's language; nothing of the request or the error is repeated on it. */
export function fault(app: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, retryAfter } = statusOf(error)
  if (status >= 500) app.log.error({ err: error, requestId: request.id }, 'portal page failed')
  if (status === 429 || status === 503) reply.header('retry-after', String(retryAfter))
  const say = sayFor(request)
  if (status === 404) return plain(request, reply, status, 'missing.title', say('missing.text'))
  if (status === 410) return plain(request, reply, status, 'expired.title', say('expired.text'))
  if (status === 429) return plain(request, reply, status, 'busy.title', say('busy.text', { seconds: retryAfter }))
  if (status >= 500) return plain(request, reply, status, 'fault.title', say('fault.text'))
  return plain(request, reply, status, 'refused.title', say('refused.text'))
}

export function missingPage(_app: Services, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return plain(request, reply, 404, 'missing.title', sayFor(request)('missing.text'))
}

function statusOf(error: unknown): { status: number; retryAfter: number } {
  if (error instanceof RefusalError) {
    return { status: error.refusal.status, retryAfter: Number(error.refusal.facts?.retryAfter ?? 5) }
  }
  if (isUnavailable(error)) return { status: 503, retryAfter: 5 }
  const given = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return { status: given >= 400 && given < 600 ? given : 500, retryAfter: 5 }
}

function sayFor(request: FastifyRequest): Say {
  return speaker(localeOf(request, 'zh-Hant'), 'retail')
}

function plain(request: FastifyRequest, reply: FastifyReply, status: number, title: Word, text: string): FastifyReply {
  const say = sayFor(request)
  const slug = /^\/p\/([a-z0-9][a-z0-9-]{0,62})\//.exec(request.url)?.[1]
  const home = slug && title !== 'missing.title' ? `/p/${slug}/` : '/'
  const body = html`<main id="main"><h1>${say(title)}</h1><p>${text}</p><a class="btn s" href="${home}">${say('missing.home')}</a></main>`
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(shell(localeOf(request, 'zh-Hant'), say(title), body))
}
