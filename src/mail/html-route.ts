import { sql } from 'kysely'
import { z } from 'zod'
import type { App } from '../app.ts'
import { id as idShape } from '../kit/contract/shapes.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { StaffActor } from '../people/index.ts'
import { wholeMailOf } from './shown.ts'

const params = z.object({ id: idShape })
const query = z.object({ messageId: idShape, remote: z.enum(['1']).optional() })
/** Pictures within a mail travel in its page, which may load nothing. */
const mostPictures = 8 * 2 ** 20
const shownTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/apng'])

/**
 * The layout of a mail as a page of its own, for a frame: made harmless when it came, and here it may run nothing, send nothing and
 * load nothing. `remote=1`, pressed by the reader, loads the pictures its sender keeps elsewhere.
 */
export function htmlRoute(app: App): void {
  app.binding.server.get('/api/v1/complaints/:id/mail-page', async (request, reply) => {
    const actor = await app.binding.authorise(request, 'complaint.read')
    const [path, asked] = [params.safeParse(request.params), query.safeParse(request.query)]
    if (!path.success || !asked.success) throw new RefusalError({ code: 'complaints.no-such-message', status: 404 })
    const { messageId, remote } = asked.data
    const mail = await app.db.withScope(
      actor.scope,
      (tx) => wholeMailOf({ tx, actor }, path.data.id, messageId),
      'read',
    )
    const pictures = await picturesOf(app, actor, mail.cids, mail.html ?? '')
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy(remote === '1'))
      .header('x-frame-options', 'SAMEORIGIN')
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-resource-policy', 'same-origin')
      .header('cache-control', 'private, no-store')
      .send(pageOf(mail.html ?? '', pictures, remote === '1'))
  })
}

const policy = (remote: boolean) =>
  `default-src 'none'; style-src 'unsafe-inline'; img-src data:${remote ? ' https: http:' : ''}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`

function pageOf(html: string, pictures: ReadonlyMap<string, string>, remote: boolean): string {
  const shown = html
    .replaceAll(/src="cid:([^"]{1,500})"/gi, (_, cid: string) => `src="${pictures.get(cid) ?? ''}"`)
    .replaceAll(/data-remote-src="([^"]*)"/g, (_, src: string) => (remote ? `src="${src}"` : ''))
  return `<!doctype html><meta charset="utf-8"><base target="_blank"><style>body{font:15px/1.6 system-ui,sans-serif;margin:8px;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}</style>${shown}`
}

/** Pictures the mail brought, by content id, as data addresses. */
async function picturesOf(
  app: App,
  actor: StaffActor,
  cids: Readonly<Record<string, string>>,
  html: string,
): Promise<ReadonlyMap<string, string>> {
  const wanted = Object.entries(cids).filter(([cid]) => html.includes(`cid:${cid}`))
  if (wanted.length === 0) return new Map()
  const rows = await app.db.withScope(
    actor.scope,
    (tx) =>
      tx.rows<{ id: string; sha256: string; media_type: string; size: number }>(
        sql`select id, encode(sha256, 'hex') as sha256, media_type, size from attachment
            where org_id = ${actor.org.id} and id = any (${wanted.map(([, id]) => id)}::uuid[]) and complaint_id is not null`,
      ),
    'read',
  )
  const found = new Map<string, string>()
  let room = mostPictures
  for (const [cid, id] of wanted) {
    const file = rows.find((r) => r.id === id)
    if (!file || !shownTypes.has(file.media_type) || file.size > room) continue
    room -= file.size
    const pieces: Uint8Array[] = []
    for await (const piece of await app.blobs(actor.org.id).get(file.sha256)) pieces.push(piece)
    found.set(cid, `data:${file.media_type};base64,${Buffer.concat(pieces).toString('base64')}`)
  }
  return found
}
