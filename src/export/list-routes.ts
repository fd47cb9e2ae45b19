import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { App } from '../app.ts'
import { locale } from '../kit/contract/shapes.ts'
import { contentDisposition } from '../kit/files/file-name.ts'
import type { Tx } from '../kit/db/database.ts'
import { cleanJson } from '../kit/http/clean.ts'
import { invalidRequest, sendProblem, unknownFields } from '../kit/http/problem.ts'
import { strays } from '../kit/http/strays.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { noteAccess, type StaffActor } from '../people/index.ts'
import { type Format, formats, listQuery, searchQuery } from './contract.ts'
import { type Asked, assertFits, listFile, listFileName, type Reader } from './list.ts'

export const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** At most so many at once of an organisation in a process, one a person: each holds a connection while it runs. */
const mostOfOne = 2
/** Of all together: half of the connections. */
const mostAtOnce = 6

/** What the list or the search shows, as a file: streamed, with the reader's eyes; who took what is noted before it leaves. */
export function listRoutes(app: Pick<App, 'binding' | 'db' | 'log'>): void {
  const running = new Map<string, string>()
  for (const format of formats) {
    const route = (of: Asked['of'], shape: typeof listQuery | typeof searchQuery) =>
      // Asking for the head alone would make the whole file.
      app.binding.server.get(`/api/v1/exports/${of}.${format}`, { exposeHeadRoute: false }, async (request, reply) => {
        const actor = await app.binding.authorise(request, 'complaint.read')
        const read = readQuery(shape, request, reply)
        if (!read) return reply
        const { language, ...query } = read
        const asked = { of, query } as Asked
        const reader = {
          actor,
          locale: language ?? locale.catch('zh-Hant').parse(actor.locale),
          now: app.binding.now(),
        }
        const stream = await begin(app, running, { reader, asked, format })
        return reply
          .type(mediaTypes[format])
          .header('cache-control', 'no-store')
          .header('content-disposition', contentDisposition(listFileName(reader, asked, format)))
          .send(stream)
      })
    route('list', listQuery)
    route('search', searchQuery)
  }
}

/** The query in its shape; a name that is none of its own is refused, because a filter left out by mistake gives out more. */
function readQuery<S extends z.ZodType>(
  shape: S,
  request: FastifyRequest,
  reply: FastifyReply,
): z.infer<S> | undefined {
  const clean = cleanJson(request.query)
  const unknown = strays(shape, clean)
  if (unknown.length > 0) return void sendProblem(reply, unknownFields(unknown, request.id, 'query'))
  const query = shape.safeParse(clean)
  if (!query.success) return void sendProblem(reply, invalidRequest(query.error, request.id, 'query'))
  return query.data
}

type Begun = { readonly reader: Reader; readonly asked: Asked; readonly format: Format }

async function begin(
  { db, log }: Pick<App, 'db' | 'log'>,
  running: Map<string, string>,
  { reader, asked, format }: Begun,
): Promise<Readable> {
  const { actor, now } = reader
  const ofOne = [...running.values()].filter((org) => org === actor.org.id).length
  if (running.has(actor.caller) || ofOne >= mostOfOne || running.size >= mostAtOnce)
    throw new RefusalError({ code: 'export.running', status: 429, facts: { retryAfter: 10 } })
  running.set(actor.caller, actor.org.id)
  try {
    await db.withScope(actor.scope, (tx) => assertFits(tx, reader, asked), 'read')
    await db.withScope(actor.scope, (tx) => noteAccess(tx, entryOf(actor, asked, format), now))
  } catch (error) {
    running.delete(actor.caller)
    throw error
  }
  const out = new PassThrough()
  const work = (tx: Tx) =>
    pipeline(Readable.from(listFile(tx, reader, asked, format), { objectMode: false }), out, { end: false })
  void db
    .withScope(actor.scope, work, 'read')
    .finally(() => running.delete(actor.caller))
    .then(() => out.end())
    .catch((error: unknown) => {
      // Whoever reads sees a download that broke off, never one that ends too early.
      out.destroy(error instanceof Error ? error : new Error('the export failed'))
      if (!aborted(error)) log.error({ err: error instanceof Error ? error.name : 'unknown' }, 'an export broke off')
    })
  return out
}

const aborted = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'

/** Which filters, never what was searched for: words may name somebody. */
function entryOf(actor: StaffActor, { of, query }: Asked, format: Format) {
  const { q: _words, ...filter } = { q: '', ...query }
  const said = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
  return { org: actor.org.id, staffId: actor.staffId, what: 'export.list', facts: { of, format, ...said } }
}
