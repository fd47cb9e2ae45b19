import { connect } from 'node:net'
import type { App } from '../app.ts'
import { openWakes } from '../kit/stream/wake.ts'
import { openPresence } from '../presence/index.ts'
import { replyRoutes } from '../replies/routes.ts'
import { searchRoutes } from '../search/routes.ts'
import { startWorld, type World } from '../../test/world/world.ts'
import { liveRoutes } from './stream.ts'

// For tests of what is live: the cast with a listening server, and a browser's view of the stream.

export type LiveEvent = { name: string; data: Record<string, unknown>; id: string | undefined }
export type Follower = {
  readonly events: LiveEvent[]
  /** Waits until an event like this is there. */
  until(test: (event: LiveEvent) => boolean, ms?: number): Promise<LiveEvent>
  cursor(): string | undefined
  ended: Promise<void>
  stop(): void
}
export type LiveWorld = World & {
  readonly base: string
  cookie(mail: string): Promise<string>
  follow(cookie: string, cursor?: string): Promise<Follower>
}

export async function startLiveWorld(options: Parameters<typeof startWorld>[0] = {}): Promise<LiveWorld> {
  const world = await startWorld(options)
  await wire(world.app, world.url)
  const base = await world.app.server.listen({ port: 0, host: '127.0.0.1' })
  return {
    ...world,
    base,
    cookie: (mail) => signIn(world.app, mail),
    follow: (cookie, cursor) => follow(base, cookie, cursor),
  }
}

/** What the program's start wires, where it does not do so yet. */
async function wire(app: App, url: string): Promise<void> {
  if (app.server.hasRoute({ method: 'GET', url: '/api/v1/stream' })) return
  const wakes = openWakes({ url })
  Object.assign(app, { wake: wakes.wake })
  await liveRoutes(app, wakes, openPresence(wakes, app.now))
  replyRoutes(app)
  searchRoutes(app)
  app.server.addHook('onClose', () => wakes.close())
}

async function signIn(app: App, mail: string): Promise<string> {
  const reply = await app.server.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { mail, password: 'correct horse battery 9' },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  return String(reply.headers['set-cookie']).split(';')[0] ?? ''
}

async function follow(base: string, cookie: string, cursor?: string): Promise<Follower> {
  const stop = new AbortController()
  const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''
  const response = await fetch(`${base}/api/v1/stream${query}`, { headers: { cookie }, signal: stop.signal })
  if (response.status !== 200 || !response.body) throw new Error(`stream: ${response.status} ${await response.text()}`)
  const events: LiveEvent[] = []
  let last: string | undefined
  const read = async (body: ReadableStream<Uint8Array>) => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const of = (field: string) =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${field}: `))
            ?.slice(field.length + 2)
        last = of('id') ?? last
        const name = of('event')
        if (name) events.push({ name, data: JSON.parse(of('data') ?? 'null'), id: last })
      }
    }
  }
  const ended = read(response.body).catch(() => undefined)
  const until: Follower['until'] = async (test, ms = 90_000) => {
    const end = Date.now() + ms
    for (;;) {
      const found = events.find(test)
      if (found) return found
      if (Date.now() > end) throw new Error(`no such event; there were: ${events.map((e) => e.name).join()}`)
      await new Promise((wake) => setTimeout(wake, 10))
    }
  }
  return { events, until, cursor: () => last, ended, stop: () => stop.abort() }
}

/** A connection that asks for the stream and then never reads. */
export function deafFollower(base: string, cookie: string) {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  socket.write(`GET /api/v1/stream HTTP/1.1\r\nhost: ${hostname}\r\ncookie: ${cookie}\r\n\r\n`)
  socket.pause()
  return socket
}
