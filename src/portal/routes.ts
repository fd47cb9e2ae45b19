import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from '../kit/services.ts'
import { type Asset, script, style } from './assets.ts'
import { answer, ask, begin, draftOf } from './complain.ts'
import { download } from './download.ts'
import { heldKey } from './draft.ts'
import { fault, missingPage } from './faults.ts'
import type { Counters } from './guard.ts'
import { chooser } from './home.ts'
import { type Page, pageOf } from './layout.ts'
import { makeLimits, storedTries } from './limits.ts'
import { startPage } from './pages/start.ts'
import { clearDone, send, showCheck, showDone } from './send.ts'
import { enter, enterByLink, leave, showStatus, showTrack } from './track.ts'
import { act, append, showAct } from './track-acts.ts'
import { addFiles, dropFile, showFiles } from './uploads.ts'
import type { Visit } from './visit.ts'
import { visitOf } from './visitor.ts'

const maxFormBytes = 1_500_000

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Everything a complainant sees: `/` and `/p/<slug>/…`. Server-rendered, complete without scripts. */
export function portalRoutes(app: Services): FastifyPluginAsync {
  return async (server) => {
    server.get('/', { logLevel: 'warn' }, (request, reply) => chooser(app, request, reply))
    // Requests are not logged here: a log line of an anonymous complaint would hold the address it came from.
    await server.register(pages(app), { prefix: '/p', logLevel: 'warn' })
  }
}

function pages(app: Services): FastifyPluginAsync {
  return async (server) => {
    const counters: Counters = { limits: makeLimits(), tries: storedTries(app.db, app.subkey('portal-tries')) }
    server.removeContentTypeParser(['application/json', 'text/plain'])
    if (!server.hasContentTypeParser('application/x-www-form-urlencoded')) {
      server.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: maxFormBytes },
        (_request, body, done) => done(null, body),
      )
    }
    if (!server.hasContentTypeParser('multipart/form-data')) await server.register(fastifyMultipart)
    server.addHook('onRequest', async (_request, reply) => {
      guardPage(reply)
    })
    server.setErrorHandler((error, request, reply) => fault(app, error, request, reply))
    server.setNotFoundHandler((request, reply) => missingPage(app, request, reply))
    for (const asset of [style, script]) serve(server, asset)
    bind(server, app, counters)
  }
}

/** Headers of every page: nothing runs that is not ours, nobody frames it, nothing is kept by a cache. */
function guardPage(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(self)',
  })
}

function serve(server: FastifyInstance, asset: Asset): void {
  server.get(asset.path.slice('/p'.length), (_request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').type(asset.type).send(asset.bytes),
  )
}

function bind(server: FastifyInstance, app: Services, counters: Counters): void {
  type Handler = (visit: Visit, request: FastifyRequest) => Promise<Page | FastifyReply>
  const on = (handler: Handler) => async (request: FastifyRequest, reply: FastifyReply) => {
    const visit = await visitOf(app, request, reply)
    // A reply is thenable: one that was sent already comes back as nothing.
    const shown: unknown = await handler(visit, request)
    return isPage(shown) ? sendPage(visit, shown) : reply
  }
  const get = (path: string, handler: Handler) => server.get(`/:slug${path}`, on(handler))
  const post = (path: string, handler: Handler) => server.post(`/:slug${path}`, on(handler))

  get('/', start)
  get('/complain', begin)
  get('/complain/new', begin)
  for (const step of ['what', 'about', 'want', 'you'] as const) {
    get(`/complain/${step}`, (visit) => ask(visit, step))
    post(`/complain/${step}`, (visit) => answer(visit, step, counters))
  }
  get('/complain/files', showFiles)
  post('/complain/files', (visit) => addFiles(visit, counters))
  get('/complain/files/remove', showFiles)
  post('/complain/files/remove', (visit) => dropFile(visit, counters))
  get('/complain/check', showCheck)
  post('/complain/check', (visit) => send(visit, counters))
  get('/complain/done', showDone)
  post('/complain/done/clear', clearDone)

  get('/track', showTrack)
  post('/track', (visit) => enter(visit, counters))
  get('/track/link', enterByLink)
  get('/track/status', showStatus)
  get('/track/file/:file', (visit, request) => download(visit, (request.params as { file: string }).file))
  get('/track/add', (visit) => showAct(visit, 'append'))
  post('/track/add', (visit) => append(visit, counters))
  get('/track/withdraw', (visit) => showAct(visit, 'withdraw'))
  post('/track/withdraw', (visit) => act(visit, 'withdraw', counters))
  get('/track/review', (visit) => showAct(visit, 'request_review'))
  post('/track/review', (visit) => act(visit, 'request_review', counters))
  post('/track/leave', leave)
}

function isPage(shown: unknown): shown is Page {
  return typeof shown === 'object' && shown !== null && 'title' in shown && 'body' in shown
}

async function start(visit: Visit): Promise<Page> {
  const key = heldKey(visit)
  const draft = key && (await draftOf(visit, key))
  return startPage(visit, draft !== undefined && draft.complaintId === undefined)
}

function sendPage(visit: Visit, page: Page): FastifyReply {
  return visit.reply
    .code(page.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(pageOf(visit, page))
}
