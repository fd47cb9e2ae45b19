import multipart from '@fastify/multipart'
import type { FastifyReply } from 'fastify'
import { sql } from 'kysely'
import type { App } from '../app.ts'
import { contentDisposition } from '../kit/files/file-name.ts'
import { readPlace, writeCursor } from '../kit/http/cursor.ts'
import { on } from '../kit/http/serve.ts'
import { RefusalError } from '../kit/pure/result.ts'
import { createComplaint } from '../complaints/contract.ts'
import { clockReply, suggestionReply, suggestionsOf } from '../complaints/index.ts'
import { mailHead, retryMail } from '../mail/index.ts'
import { asideVisibleSql } from './aside.ts'
import { audioRoute } from './audio-route.ts'
import { alikeNow } from './alike.ts'
import { checkAlike, listParked, retryParked } from './contract.ts'
import { type FileRow, fileRow } from './files.ts'
import { rawRoute } from './raw-route.ts'
import { receiptSecret } from './receipt.ts'
import { recordComplaint, type Submission } from './record.ts'
import { storeUpload } from './uploads.ts'

/** Uploads, downloads and the items that could not be taken in. */
export async function intakeRoutes(app: App): Promise<void> {
  createRoute(app)
  parkedRoutes(app)
  rawRoute(app)
  const { server } = app.binding
  if (!server.hasContentTypeParser('multipart/form-data'))
    await server.register(multipart, { limits: { files: 1, fields: 5, fileSize: app.config.maxUploadBytes + 1 } })

  server.post('/api/v1/attachments', { bodyLimit: app.config.maxUploadBytes + 65_536 }, async (request, reply) => {
    const actor = await app.binding.authorise(request, 'attachment.upload')
    if (!request.isMultipart()) throw new RefusalError({ code: 'files.not-multipart', status: 415 })
    const file = await request.file().catch(refuseBrokenForm)
    if (!file) throw new RefusalError({ code: 'files.empty', status: 422 })
    const stored = await storeUpload(app, {
      org: actor.org.id,
      uploader: actor.caller,
      stream: file.file,
      name: file.filename,
      now: app.now(),
    }).catch(refuseBrokenForm)
    return reply.code(201).header('cache-control', 'no-store').send(stored)
  })

  server.get<{ Params: { id: string } }>('/api/v1/attachments/:id', async (request, reply) => {
    const actor = await app.binding.authorise(request, 'complaint.read')
    const row = await fileRow(app, actor, request.params.id)
    if (!row) throw new RefusalError({ code: 'files.missing', status: 404 })
    return sendFile(app, reply, actor.org.id, row)
  })
  audioRoute(app)
}

/** What the form parser throws of a form without a boundary, or one that ends in the middle, has no code of its own. */
function refuseBrokenForm(error: unknown): never {
  if (error instanceof Error && /^(Multipart: |Unexpected end of |Part terminated early)/.test(error.message))
    throw new RefusalError({ code: 'files.broken-form', status: 400 })
  throw error
}

/** Always a download, never run: attachment, nosniff, an empty sandbox, no cache in between. */
export async function sendFile(
  app: Pick<App, 'blobs'>,
  reply: FastifyReply,
  org: string,
  file: FileRow,
): Promise<FastifyReply> {
  return reply
    .header('content-type', file.media_type)
    .header('content-length', String(file.size))
    .header('content-disposition', contentDisposition(file.name))
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'private, no-store')
    .send(await app.blobs(org).get(file.sha256))
}

function createRoute(app: App): void {
  const receiptAgain = ({ id }: { id: string }) => ({ secret: receiptSecret(app, id) })
  on(app.binding, createComplaint, 'complaint.create').answer(async (call) => {
    const via = call.actor.kind === 'integration' ? 'api' : 'staff'
    const {
      clocks,
      receivedAt,
      alike,
      repeated: _,
      ...recorded
    } = await recordComplaint(app, call, { ...call.body, via })
    const suggestions = alike === 0 ? [] : await suggestionsOf(call.tx, call.actor.org.id, recorded.id)
    return {
      ...recorded,
      receivedAt: new Date(receivedAt).toISOString(),
      clocks: clocks.map((c) => clockReply(c, call.now)),
      suggestions: suggestions.map(suggestionReply),
    }
  }, receiptAgain)
}

/** So much of a mail is looked into for who it is from and what it is about. */
const headBytes = 16_384

function parkedRoutes(app: App): void {
  on(app.binding, checkAlike, 'complaint.create').answer(async ({ tx, actor, body, now }) => ({
    items: (await alikeNow(tx, actor.org.id, body, now)).map(suggestionReply),
  }))

  on(app.binding, listParked, 'parked.read').answer(async ({ tx, actor, query }) => {
    const after = query.cursor ? readPlace(query.cursor) : undefined
    const rows = await tx.rows<{
      id: string
      channel: string
      external_id: string
      received_at: number
      state: string
      attempts: number
      reason: string | null
      size: number
      head: Buffer | null
      mailbox: string | null
    }>(
      sql`select id, channel, external_id, received_at, state, attempts, reason, length(raw) as size,
          case when channel = 'email' then substring(raw from 1 for ${headBytes}) end as head,
          (select b.address from inbound_mail m join mailbox b on b.org_id = m.org_id and b.id = any (m.mailbox_ids)
            where m.org_id = i.org_id and m.item_id = i.id limit 1) as mailbox
        from inbound_item i where org_id = ${actor.org.id} and state = ${query.state} and complaint_id is null and ${asideVisibleSql}
          and ${after ? sql`(received_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql`true`}
        order by received_at desc, id desc limit ${query.limit + 1}`,
    )
    const items = rows.slice(0, query.limit)
    const last = items.at(-1)
    const about = await Promise.all(items.map((r) => (r.head ? mailHead(r.head) : null)))
    return {
      items: items.map((r, i) => ({
        id: r.id,
        channel: r.channel,
        externalId: r.external_id,
        receivedAt: new Date(r.received_at).toISOString(),
        state: r.state,
        attempts: r.attempts,
        reason: r.reason,
        size: r.size,
        about: about[i] ? { ...about[i], mailbox: r.mailbox ?? '' } : null,
      })),
      next: rows.length > query.limit && last ? writeCursor([last.received_at, last.id]) : null,
    }
  })

  on(app.binding, retryParked, 'parked.read').answer(async (call) => {
    const seen = await call.tx.first(
      sql`select 1 as ok from inbound_item i where i.org_id = ${call.actor.org.id} and i.id = ${call.params.id} and ${asideVisibleSql}`,
    )
    if (!seen) throw new RefusalError({ code: 'intake.not-parked', status: 404 })
    if (await retryMail(call.tx, call.actor.org.id, call.params.id, call.now))
      return { id: call.params.id, complaintId: null, number: null }
    const row = await call.tx.first<{ raw: Buffer; external_id: string }>(
      sql`delete from inbound_item where org_id = ${call.actor.org.id} and id = ${call.params.id} and state = 'parked' returning raw, external_id`,
    )
    if (!row) throw new RefusalError({ code: 'intake.not-parked', status: 404 })
    const submission = { ...(JSON.parse(row.raw.toString('utf8')) as Submission), externalId: row.external_id }
    const recorded = await recordComplaint(app, call, submission)
    return { id: call.params.id, complaintId: recorded.id, number: recorded.number }
  })
}
