import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { App } from '../app.ts'
import { contentDisposition } from '../kit/files/file-name.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { type FileRow, fileRow } from './files.ts'

/** Sound that browsers play and nothing else: what sniffed as any other type is only ever a download. */
const playable: ReadonlySet<string> = new Set([
  'audio/wav',
  'audio/vnd.wave',
  'audio/x-wav',
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aac',
  'audio/ogg',
  'audio/opus',
  'audio/flac',
  'audio/x-flac',
  'audio/amr',
  'audio/webm',
])

/**
 * A recording played in place. As safe as the download: no script can come of it (sandbox, nosniff, a closed list of types,
 * judged by the bytes when they came in), and only for those who may read the complaint. In ranges, so that one can jump.
 */
export function audioRoute(app: App): void {
  const { server } = app.binding
  server.get<{ Params: { id: string } }>('/api/v1/attachments/:id/audio', async (request, reply) => {
    const actor = await app.binding.authorise(request, 'complaint.read')
    const row = await fileRow(app, actor, request.params.id)
    if (!row || !playable.has(typeOf(row))) throw new RefusalError({ code: 'files.missing', status: 404 })
    return sendSound(app, reply, { org: actor.org.id, row, range: request.headers.range })
  })
}

const typeOf = ({ media_type }: FileRow): string => media_type.split(';')[0]?.trim() ?? ''

type Sound = { readonly org: string; readonly row: FileRow; readonly range: string | undefined }

async function sendSound(
  app: Pick<App, 'blobs'>,
  reply: FastifyReply,
  { org, row, range }: Sound,
): Promise<FastifyReply> {
  const size = Number(row.size)
  const part = rangeOf(range, size)
  reply
    .header('content-type', typeOf(row))
    .header('content-disposition', contentDisposition(row.name).replace(/^attachment/, 'inline'))
    .header('accept-ranges', 'bytes')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'private, no-store')
  if (part === 'none')
    return reply.code(416).header('content-range', `bytes */${size}`).header('content-length', '0').send('')
  const bytes = await app.blobs(org).get(row.sha256)
  if (!part) return reply.header('content-length', String(size)).send(bytes)
  return reply
    .code(206)
    .header('content-range', `bytes ${part.from}-${part.to}/${size}`)
    .header('content-length', String(part.to - part.from + 1))
    .send(Readable.from(sliceOf(bytes, part), { objectMode: false }))
}

type Part = { readonly from: number; readonly to: number }

/** The part asked for; undefined: all of it (several parts, another unit and nonsense are answered whole); 'none': beyond the end. */
export function rangeOf(header: string | undefined, size: number): Part | undefined | 'none' {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  const [, first = '', last = ''] = found ?? []
  if (!found || (first === '' && last === '')) return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return from >= size || (first === '' && Number(last) === 0) || (last !== '' && first !== '' && Number(last) < from)
    ? 'none'
    : { from, to }
}

/** A recording is short: the bytes before the part are read past, so that one store needs no more than the other. */
async function* sliceOf(source: AsyncIterable<Uint8Array>, { from, to }: Part): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const bytes of source) {
    const [start, end] = [Math.max(0, from - at), Math.min(bytes.length, to + 1 - at)]
    if (start < end) yield bytes.subarray(start, end)
    at += bytes.length
    if (at > to) return
  }
}
