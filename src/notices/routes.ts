import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import { listNotices, markNotices } from './contract.ts'
import { markNoticesOf, noticesFor } from './read.ts'

/** What is new for whoever is signed in, and for nobody else. */
export function noticeRoutes(app: App): void {
  on(app.binding, listNotices, 'self').answer(({ tx, actor }) => noticesFor(tx, actor))
  on(app.binding, markNotices, 'self').answer(async ({ tx, actor, body, now }) => {
    await markNoticesOf(tx, actor, body, now)
    const { unread } = await noticesFor(tx, actor)
    return { unread }
  })
}
