import type { App } from '../app.ts'
import { onUnscoped } from '../kit/http/serve.ts'
import { readDurations, readFigures } from './contract.ts'
import { durationsFor } from './durations.ts'
import { timesRoute } from './times-route.ts'
import { figuresFor } from './figures.ts'
import { workbookRoute } from './workbook-route.ts'

/** Figures open a transaction of their own: who counts the whole organisation reaches further there than in lists. */
export function insightRoutes(app: Pick<App, 'binding' | 'db'>): void {
  onUnscoped(app.binding, readFigures, 'figures.read').answer(({ actor, query, now }) =>
    figuresFor(app, actor, query, now),
  )
  onUnscoped(app.binding, readDurations, 'figures.read').answer(({ actor, query, now }) =>
    durationsFor(app, actor, query, now),
  )
  workbookRoute(app)
  timesRoute(app)
}
