import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import type { App } from './app.ts'

const built = fileURLToPath(new URL('../dist/web', import.meta.url))

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
  await server.register(fastifyStatic, {
    root: join(built, 'assets'),
    prefix: '/desk/assets/',
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
  })
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
