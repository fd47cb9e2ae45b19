import type { App } from '../app.ts'
import { contentDisposition } from '../kit/files/file-name.ts'
import { cleanJson } from '../kit/http/clean.ts'
import { invalidRequest, sendProblem } from '../kit/http/problem.ts'
import { csvLine, csvMark } from '../kit/pure/csv.ts'
import { locale } from '../kit/contract/shapes.ts'
import { noteAccess } from '../people/index.ts'
import { workbookQuery } from './contract.ts'
import { keepsOrder, treeOrder } from './domain/index.ts'
import { type Durations, durationsFor } from './durations.ts'
import { fileName, nameIn, periodWords } from './workbook.ts'
import { type Words, wordsOf } from './words.ts'

/** How long it took, as a table; who took it away is noted. */
export function timesRoute(app: Pick<App, 'binding' | 'db'>): void {
  app.binding.server.get('/api/v1/figures/durations.csv', async (request, reply) => {
    const actor = await app.binding.authorise(request, 'figures.read')
    const query = workbookQuery.safeParse(cleanJson(request.query))
    if (!query.success) return sendProblem(reply, invalidRequest(query.error, request.id, 'query'))
    const { language, ...question } = query.data
    const now = app.binding.now()
    const durations = await durationsFor(app, actor, question, now)
    const { first, last } = durations.period
    const entry = { org: actor.org.id, staffId: actor.staffId, what: 'insights.exported' }
    await app.db.withScope(actor.scope, (tx) =>
      noteAccess(tx, { ...entry, facts: { by: question.by, first, last, times: true } }, now),
    )
    const words = wordsOf(language ?? locale.catch('zh-Hant').parse(actor.locale))
    return reply
      .type('text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('content-disposition', contentDisposition(fileName(durations, words, 'csv')))
      .send(tableOf(durations, words))
  })
}

const hour = 3_600_000
/** Hours with two places: a spreadsheet goes on with them. Empty where nothing was measured. */
const hours = (ms: number | null) => (ms === null ? '' : Math.round((ms / hour) * 100) / 100)

/** A line a value, the total last: of closing and of the first reply how many, left out, median and p90 in hours. */
function tableOf(d: Durations, words: Words): string {
  const { times: w } = words.figures
  const numbers = (['count', 'left-out', 'median', 'p90'] as const).map((name) => w.column[name])
  const heads = [w.close, w.reply].flatMap((what) => numbers.map((name) => `${what}: ${name}`))
  const periods = d.before ? [d.period, d.before] : [d.period]
  const line = (name: string, pair: Durations['total']) =>
    periods.map((period, i) => {
      const of = i === 0 ? pair.now : pair.before
      const cells = of ? [of.close, of.reply] : []
      return csvLine([
        name,
        periodWords(period, words),
        ...cells.flatMap(({ count, leftOut, median, p90 }) => [count, leftOut, hours(median), hours(p90)]),
      ])
    })
  const rows = treeOrder(d.rows, keepsOrder(d.by) ? null : (r) => r.now.close.count)
  const { by, sheet, total } = words.figures
  return [
    csvMark + csvLine([by[d.by], sheet.period, ...heads]),
    ...rows.flatMap((row) => line(`${'　'.repeat(row.depth)}${nameIn(row, d.by, words)}`, row)),
    ...line(total, d.total),
  ].join('')
}
