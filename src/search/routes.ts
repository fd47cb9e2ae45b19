import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import { searchComplaints } from './contract.ts'
import { findComplaints } from './find.ts'

export function searchRoutes(app: App): void {
  on(app.binding, searchComplaints, 'complaint.read').answer(({ tx, actor, query, now }) =>
    findComplaints(tx, actor, query, now),
  )
}
