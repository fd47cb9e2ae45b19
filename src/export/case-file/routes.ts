import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../app.ts'
import { proveComplaint } from '../../audit/index.ts'
import { locale } from '../../kit/contract/shapes.ts'
import { contentDisposition } from '../../kit/files/file-name.ts'
import { cleanJson } from '../../kit/http/clean.ts'
import { invalidRequest, sendProblem } from '../../kit/http/problem.ts'
import { RefusalError } from '../../kit/pure/result.ts'
import { noteAccess } from '../../people/index.ts'
import { caseFileParams, caseFileQuery } from '../contract.ts'
import type { CaseFile } from './document.ts'
import { htmlOf, pagePolicy } from './html.ts'
import { makeCaseFile } from './make.ts'
import { pdfBytes } from './pdf.ts'
import { readCase } from './read.ts'

type Forms = 'html' | 'pdf'

/** One complaint as a page to print and as a PDF, for whoever may read it; that it was taken away is noted first. */
export function caseFileRoutes(app: App): void {
  const route = (form: Forms, send: (reply: FastifyReply, file: CaseFile, name: string) => Promise<FastifyReply>) =>
    app.binding.server.get(
      `/api/v1/complaints/:id/case-file.${form}`,
      { exposeHeadRoute: false },
      async (request, reply) => {
        const made = await make(app, form, request, reply)
        return made ? send(reply.header('cache-control', 'no-store'), made.file, made.name) : reply
      },
    )
  route('html', async (reply, file, name) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy)
      .header('content-disposition', contentDisposition(name).replace('attachment', 'inline'))
      .send(htmlOf(file)),
  )
  route('pdf', async (reply, file, name) =>
    reply
      .type('application/pdf')
      .header('content-disposition', contentDisposition(name))
      .send(Buffer.from(await pdfBytes(file))),
  )
}

async function make(
  app: App,
  form: Forms,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ file: CaseFile; name: string } | undefined> {
  const actor = await app.binding.authorise(request, 'complaint.read')
  const params = caseFileParams.safeParse(request.params)
  if (!params.success) return void sendProblem(reply, invalidRequest(params.error, request.id, 'params'))
  const query = caseFileQuery.strict().safeParse(cleanJson(request.query))
  if (!query.success) return void sendProblem(reply, invalidRequest(query.error, request.id, 'query'))
  const { id } = params.data
  const { variant, language } = query.data
  const now = app.binding.now()
  const reader = { actor, now, variant, locale: language ?? locale.catch('zh-Hant').parse(actor.locale) }
  const read = await app.db.withScope(actor.scope, (tx) => readCase(tx, id, reader), 'read')
  const entry = { org: actor.org.id, staffId: actor.staffId, what: 'export.case-file', complaintId: id }
  await app.db.withScope(actor.scope, (tx) => noteAccess(tx, { ...entry, facts: { form, variant } }, now))
  const proof = await proveComplaint(app, actor.org.id, id)
  if (!proof) throw new RefusalError({ code: 'complaints.not-found', status: 404 })
  const { number } = read.page.complaint
  return {
    file: makeCaseFile({ ...read, proven: proof.proven }),
    name: `${number}-${read.words.t(`case-file.name-${variant}`)}.${form}`,
  }
}
