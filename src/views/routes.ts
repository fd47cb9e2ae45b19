import type { App } from '../app.ts'
import { openFilterCounts } from '../complaints/index.ts'
import { filters } from '../complaints/contract.ts'
import { on, onUnscoped } from '../kit/http/serve.ts'
import * as contract from './contract.ts'
import { addView, changeView, removeView, restoreView, savedViews } from './commands.ts'

/** Saved views: filters with a name, and how many complaints each finds for this reader. */
export function viewRoutes(app: App): void {
  const { binding, db } = app
  const counts = openFilterCounts(db, app.wakes)
  app.server.addHook('preClose', async () => {
    counts.close()
  })
  on(binding, contract.listViews, 'view.use').answer(async (c) => ({ items: await savedViews(c) }))
  // Outside a transaction: each distinct filter is counted in one of its own, and most not at all.
  onUnscoped(binding, contract.countViews, 'complaint.read').answer(async ({ actor, now }) => {
    const views = await db.withScope(actor.scope, (tx) => savedViews({ tx, actor }), 'read')
    const found = await counts.of(
      actor,
      views.map((v) => filters.parse(v.filter)),
      now,
    )
    return { items: views.flatMap((v, i) => (found[i] ? [{ id: v.id, ...found[i] }] : [])) }
  })
  on(binding, contract.addView, 'view.use').answer((c) => addView(c, c.body))
  on(binding, contract.changeView, 'view.use').answer((c) => changeView(c, c.params.id, c.body))
  on(binding, contract.removeView, 'view.use').answer(async (c) => {
    await removeView(c, c.params.id)
    return {}
  })
  on(binding, contract.restoreView, 'view.use').answer((c) => restoreView(c, c.params.id))
}
