import type { App } from '../app.ts'
import { contentDisposition } from '../kit/files/file-name.ts'
import { cleanJson } from '../kit/http/clean.ts'
import { invalidRequest, sendProblem } from '../kit/http/problem.ts'
import { locale } from '../kit/contract/shapes.ts'
import { noteAccess } from '../people/index.ts'
import { workbookQuery } from './contract.ts'
import { figuresFor } from './figures.ts'
import { fileName, workbookOf } from './workbook.ts'
import { wordsOf } from './words.ts'

const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The same figures as a workbook, streamed; who took it away is noted. */
export function workbookRoute(app: Pick<App, 'binding' | 'db'>): void {
  app.binding.server.get('/api/v1/figures.xlsx', async (request, reply) => {
    const actor = await app.binding.authorise(request, 'figures.read')
    const query = workbookQuery.safeParse(cleanJson(request.query))
    if (!query.success) return sendProblem(reply, invalidRequest(query.error, request.id, 'query'))
    const { language, ...question } = query.data
    const now = app.binding.now()
    const figures = await figuresFor(app, actor, question, now)
    const { first, last, zone } = figures.period
    const entry = { org: actor.org.id, staffId: actor.staffId, what: 'insights.exported' }
    await app.db.withScope(actor.scope, (tx) =>
      noteAccess(tx, { ...entry, facts: { by: question.by, first, last } }, now),
    )
    const words = wordsOf(language ?? locale.catch('zh-Hant').parse(actor.locale))
    return reply
      .type(mediaType)
      .header('cache-control', 'no-store')
      .header('content-disposition', contentDisposition(fileName(figures, words)))
      .send(await workbookOf(figures, words, moment(now, zone)))
  })
}

/** `2026-03-31 12:30` in a zone. */
function moment(ms: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(ms)
}
