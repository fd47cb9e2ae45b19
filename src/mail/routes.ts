import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import * as contract from './contract.ts'
import { htmlRoute } from './html-route.ts'
import { imapRoutes } from './imap/routes.ts'
import { addOne, changeOne, readGrace, readMailboxes, writeGrace } from './settings.ts'
import { judge, mailsOf, wholeMailOf } from './shown.ts'
import { waysOf } from './ways.ts'

/** Mailboxes in the settings, and what is shown of mails at their complaint. */
export function mailRoutes(app: App): void {
  const { binding } = app
  on(binding, contract.listMailboxes, 'settings.read').answer(async (c) => ({
    items: await readMailboxes(c),
    graceDays: await readGrace(c),
  }))
  on(binding, contract.mailWays, 'settings.write').answer(async () => waysOf(app.config))
  on(binding, contract.addMailbox, 'settings.write').answer((c) => addOne(c, c.body))
  on(binding, contract.changeMailbox, 'settings.write').answer((c) => changeOne(c, c.params.id, c.body))
  on(binding, contract.setGrace, 'settings.write').answer(async (c) => {
    await writeGrace(c, c.body.graceDays)
    return c.body
  })
  on(binding, contract.mailsOfComplaint, 'complaint.read').answer(async (c) => ({
    items: await mailsOf(c, c.params.id),
  }))
  on(binding, contract.wholeMail, 'complaint.read').answer(async (c) => ({
    text: (await wholeMailOf(c, c.params.id, c.query.messageId)).text,
  }))
  on(binding, contract.judgeSideNote, 'complaint.append').answer((c) => judge(app, c, c.params.id, c.body))
  htmlRoute(app)
  imapRoutes(app)
}
