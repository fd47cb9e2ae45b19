import type { App } from '../app.ts'
import { caseFileRoutes } from './case-file/routes.ts'
import { listRoutes } from './list-routes.ts'

/** Files that leave: lists, and one complaint. */
export function exportRoutes(app: App): void {
  listRoutes(app)
  caseFileRoutes(app)
}
