import type { App } from '../app.ts'
import { listRoutes } from './list-routes.ts'

/** Files that leave: lists. */
export function exportRoutes(app: App): void {
  listRoutes(app)
}
