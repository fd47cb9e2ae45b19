import type { FastifyReply } from 'fastify'
import { contentDisposition } from '../kit/files/file-name.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { togetherOf } from './public-merge.ts'
import { publicFiles } from './public-view.ts'
import { inScope } from './scope.ts'
import { keepSession, sessionOf } from './session.ts'
import { seeOther, type Visit } from './visit.ts'

/** A file of the opened complaint, always saved, never shown inside our pages. */
export async function download(visit: Visit, fileId: string): Promise<FastifyReply> {
  const session = sessionOf(visit)
  if (!session) return seeOther(visit, '/track?ended=1')
  const { org, now } = visit
  const files = await inScope(visit, async (tx) =>
    publicFiles(tx, org.id, session.complaintId, now, await togetherOf(tx, org.id, session.complaintId)),
  )
  const file = files.find((f) => f.id === fileId)
  if (!file) throw new RefusalError({ code: 'portal.no-such-file', status: 404 })
  keepSession(visit, session)
  const harmless = /^(image\/(jpeg|png|webp|gif)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf)$/.test(
    file.mediaType,
  )
  return visit.reply
    .header('content-type', harmless ? file.mediaType : 'application/octet-stream')
    .header('content-disposition', contentDisposition(file.name))
    .header('content-length', file.size)
    .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
    .send(await visit.app.blobs(visit.org.id).get(file.sha256))
}
