import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { App } from './app.ts'

const built = fileURLToPath(new URL('../dist/web', import.meta.url))

/** They govern pages, not the scripts and styles a page loads; a first load is fifty of those. */
const pageHeaders = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
]

/** The desk, compressed when it was built: hashed files for a year, the page itself never from a cache. Every path under /desk/ is the desk's own. */
export async function webRoutes(app: App): Promise<void> {
  const { server } = app.binding
  server.get('/desk', async (_request, reply) => reply.redirect('/desk/'))
  if (!existsSync(built)) {
    server.get('/desk/*', async (_request, reply) =>
      reply.code(503).type('text/plain; charset=utf-8').send('The desk is not built yet: run "npm start".\n'),
    )
    return
  }
  const root = new Set(readdirSync(built))
  await server.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => pageHeaders.forEach((name) => reply.removeHeader(name)))
    await scope.register(fastifyStatic, {
      root: join(built, 'assets'),
      prefix: '/desk/assets/',
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      // The page's own files are sent by its route.
      decorateReply: false,
    })
  })
  await server.register(fastifyStatic, { root: built, serve: false, preCompressed: true })
  server.get('/desk/', async (_request, reply) => page(reply))
  server.get<{ Params: { '*': string } }>('/desk/*', async (request, reply) => {
    const name = request.params['*']
    // Asked for anew each time: an old one would keep an old desk.
    if (name === 'worker.js') return fresh(reply, name)
    return root.has(name) && name !== 'index.html' && name !== 'assets'
      ? reply.sendFile(name, built, { maxAge: 3_600_000, immutable: false })
      : page(reply)
  })

  const page = (reply: FastifyReply) => fresh(reply, 'index.html')
  function fresh(reply: FastifyReply, name: string) {
    return reply
      .header('cache-control', 'no-cache')
      .sendFile(name, built, { maxAge: 0, immutable: false, cacheControl: false })
  }
}
