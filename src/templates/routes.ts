import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import * as contract from './contract.ts'
import { letterFor, readTemplates, writeTemplate } from './settings.ts'
import { queueTest, testState } from './tests.ts'

/** What mails say, and trying it. */
export function templateRoutes(app: App): void {
  const { binding } = app
  on(binding, contract.listTemplates, 'settings.read').answer(async (c) => ({ items: await readTemplates(c) }))
  on(binding, contract.saveTemplate, 'settings.write').answer((c) => {
    const { version, kind, locale, ...words } = c.body
    return writeTemplate(c, { kind, locale }, { words, version })
  })
  on(binding, contract.resetTemplate, 'settings.write').answer((c) =>
    writeTemplate(c, c.body, { words: null, version: c.body.version }),
  )
  on(binding, contract.previewTemplate, 'settings.read').answer((c) => letterFor(c, c.body, c.body))
  on(binding, contract.sendTest, 'settings.write').answer((c) => queueTest(app, c, c.body))
  on(binding, contract.readTest, 'settings.read').answer((c) => testState(c, c.params.id))
}
