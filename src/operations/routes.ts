import type { App } from '../app.ts'
import type { Schedule } from '../kit/jobs/worker.ts'
import { onUnscoped } from '../kit/http/serve.ts'
import { readHealth } from './contract.ts'
import { healthOf } from './health.ts'

/** For administrators: how the installation and their organisation's queues are. */
export function operationsRoutes(app: App, schedules: readonly Schedule[]): void {
  onUnscoped(app.binding, readHealth, 'health.read').answer(({ actor }) => healthOf(app, actor.org.id, schedules))
}
