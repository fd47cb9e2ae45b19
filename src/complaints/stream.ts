import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../app.ts'
import { endpoint } from '../kit/contract/endpoint.ts'
import type { Endpoint } from '../kit/contract/endpoint.ts'
import type { Wakes } from '../kit/stream/wake.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { canSee, sessionActor, type StaffActor } from '../people/index.ts'
import { countComplaints } from './contract.ts'
import { type CountBook, openCounts } from './counts.ts'
import type { Present } from '../presence/contract.ts'
import type { PresenceBook } from '../presence/index.ts'
import { shownByIds } from './stream-rows.ts'
import { onUnscoped } from '../kit/http/serve.ts'
import { ensureStreamEpoch, placeOf, readEpoch } from './stream-epoch.ts'
import { type Feed, openFeed } from './stream-feed.ts'
import { mayName } from './queries.ts'
import { type SseReader, sseReader } from './stream-reader.ts'

export const followComplaints = endpoint({
  id: 'complaints.stream',
  method: 'GET',
  path: '/api/v1/stream',
  summary:
    'What changes, as server-sent events: change, gone, notice, counts, presence, reload, closed; an id is a cursor to go on from',
  query: z.object({ cursor: z.string().max(100).optional() }),
  reply: z.string(),
  refusals: ['stream.too-many'],
})

const beatMs = 15_000
const askAgainMs = 3_000
const mostPerCaller = 30

type Connection = { readonly reader: SseReader; readonly actor: StaffActor; close(): void }
type Hub = {
  readonly app: Pick<App, 'db' | 'now' | 'log' | 'binding'>
  readonly counts: CountBook
  readonly feeds: Map<string, Feed>
  readonly open: Set<Connection>
}

/** The live stream and the counts: everything of the desk that moves by itself. */
export async function liveRoutes(app: App, wakes: Wakes, presence: PresenceBook): Promise<void> {
  await ensureStreamEpoch(app.systemDb)
  const hub: Hub = { app, counts: openCounts(app.db, wakes), feeds: new Map(), open: new Set() }
  const stop = wakes.on((org) => {
    for (const [of, feed] of hub.feeds) if (org === undefined || org === of) feed.wake()
  })
  presence.onChange((org, id, who) => void tellPresent(hub, org, id, who))
  onUnscoped(app.binding, countComplaints, 'complaint.read').answer(({ actor, now }) => hub.counts.of(actor.scope, now))
  app.binding.routes.push({ endpoint: followComplaints as unknown as Endpoint, access: 'complaint.read' })
  app.server.get(followComplaints.path, { exposeHeadRoute: false }, (request, reply) => follow(hub, request, reply))
  app.server.addHook('preClose', async () => {
    stop()
    presence.close()
    hub.counts.close()
    for (const connection of hub.open) connection.close()
    for (const feed of hub.feeds.values()) feed.stop()
  })
}

async function follow(hub: Hub, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { app } = hub
  const actor = await app.binding.authorise(request, 'complaint.read')
  const mine = [...hub.open].filter((c) => c.actor.caller === actor.caller).length
  if (mine >= mostPerCaller) throw new RefusalError({ code: 'stream.too-many', status: 429 })
  const epoch = await app.db.withScope({ org: actor.org.id }, readEpoch, 'read')
  const counts = await hub.counts.of(actor.scope, app.now())
  const cursor = cursorOf(request)
  const from = cursor === undefined ? undefined : placeOf(cursor, epoch)

  reply.hijack()
  const out = reply.raw
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) out.setHeader(name, value)
  out.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  out.write('retry: 2000\n\n')
  const reader = sseReader(out, epoch.epoch, actor.scope, mayName(actor))
  const feed = feedOf(hub, actor.org.id)
  const timers = [
    setInterval(reader.beat, beatMs),
    setInterval(() => void askAgain(hub, connection, request), askAgainMs),
  ]
  const connection: Connection = { reader, actor, close: () => reader.end() }
  hub.open.add(connection)
  const over = () => {
    for (const timer of timers) clearInterval(timer)
    hub.open.delete(connection)
    feed.leave(reader)
    if (feed.size() === 0) hub.feeds.delete(actor.org.id)
  }
  out.on('close', over)
  out.on('error', over)
  try {
    reader.begin(await feed.join(reader, from))
    if (out.destroyed) return over()
    // The first event carries the cursor, so that a browser that hears nothing else can still go on from here.
    if (cursor !== undefined && !from) reader.event('reload', {})
    reader.event('counts', counts)
  } catch (error) {
    app.log.warn({ err: error }, 'a live stream could not begin')
    out.destroy()
  }
}

/** To those who are there themselves and may see the complaint at this moment, and to nobody else. */
async function tellPresent(hub: Hub, org: string, complaintId: string, who: readonly Present[]): Promise<void> {
  const here = [...hub.open].filter(({ actor }) => actor.org.id === org && who.some((p) => p.id === actor.staffId))
  if (here.length === 0) return
  const { db, now, log } = hub.app
  try {
    const shown = await db.withScope({ org }, (tx) => shownByIds(tx, org, [complaintId], now()), 'read')
    const audience = shown.get(complaintId)?.audience
    if (!audience) return
    for (const { reader } of here) if (canSee(reader.scope, audience)) reader.event('presence', { complaintId, who })
  } catch (err) {
    log.warn({ err }, 'who is present could not be told')
  }
}

function feedOf(hub: Hub, org: string): Feed {
  let feed = hub.feeds.get(org)
  if (!feed) {
    const { db, now, log } = hub.app
    feed = openFeed({ db, now, onError: (err) => log.warn({ err }, 'the live stream could not be read') }, org)
    hub.feeds.set(org, feed)
  }
  return feed
}

function cursorOf(request: FastifyRequest): string | undefined {
  const asked = (request.query as Record<string, unknown>).cursor
  const header = request.headers['last-event-id']
  if (typeof asked === 'string' && asked !== '') return asked
  return typeof header === 'string' && header !== '' ? header : undefined
}

/** A stream outlives a session's end and a change of roles unless somebody asks: every three seconds, counting as no use. */
async function askAgain(hub: Hub, { reader, actor }: Connection, request: FastifyRequest): Promise<void> {
  const { db, now, binding } = hub.app
  try {
    const byKey = request.headers.authorization !== undefined
    const current = byKey
      ? await binding.authorise(request, 'complaint.read')
      : await sessionActor(db, now(), request.headers.cookie)
    const stays =
      current?.permissions.has('complaint.read') && current.org.id === actor.org.id && current.staffId === actor.staffId
    if (!current || !stays) return closed(reader)
    if (JSON.stringify(current.scope) === JSON.stringify(reader.scope)) return
    reader.scope = current.scope
    reader.names = mayName(current)
    reader.event('reload', {})
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.status < 429) closed(reader)
  }
}

function closed(reader: SseReader): void {
  reader.event('closed', {})
  reader.end()
}
