import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { App } from './app.ts'

const built = fileURLToPath(new URL('../dist/web', import.meta.url))

/** The desk: hashed files for a year, the page itself never from a cache. Every path under /desk/ is the desk's own. */
export async function webRoutes(app: App): Promise<void> {
  const { server } = app.binding
  server.get('/desk', async (_request, reply) => reply.redirect('/desk/'))
  if (!existsSync(built)) {
    server.get('/desk/*', async (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send('The desk is not built yet: run "npm start".\n'))
    return
  }
  await server.register(fastifyStatic, { root: built, prefix: '/desk/', wildcard: false, index: false, immutable: true, maxAge: '365d', decorateReply: true })
  server.get('/desk/', async (_request, reply) => page(reply))
  server.get('/desk/*', async (_request, reply) => page(reply))

  function page(reply: FastifyReply) {
    return reply.header('cache-control', 'no-cache').sendFile('index.html', { maxAge: 0, immutable: false })
  }
}
