import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import { deleteDraft, getDraft, listDrafts, putDraft } from './contract.ts'
import { draftOf, draftsUnder, dropDraft, keepDraft } from './store.ts'

/** Unsent words of whoever is signed in, and of nobody else. */
export function draftRoutes(app: App): void {
  on(app.binding, listDrafts, 'self').answer(async ({ tx, actor, query }) => ({
    items: await draftsUnder(tx, actor, query.prefix),
  }))
  on(app.binding, getDraft, 'self').answer(async ({ tx, actor, params }) => ({
    draft: await draftOf(tx, actor, params.key),
  }))
  on(app.binding, putDraft, 'self').answer(
    ({ tx, actor, params, body, now }) => keepDraft(tx, actor, params.key, body, now),
    () => ({ value: null, other: null }),
  )
  on(app.binding, deleteDraft, 'self').answer(async ({ tx, actor, params }) => {
    await dropDraft(tx, actor, params.key)
    return {}
  })
}
