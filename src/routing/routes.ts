import type { App } from '../app.ts'
import { on } from '../kit/http/serve.ts'
import { addLine, changeLine, removeLine, setMode } from './commands.ts'
import * as contract from './contract.ts'
import { readTable, tryTable } from './table.ts'

/** The routing table and how teams share out. */
export function routingRoutes({ binding }: Pick<App, 'binding'>): void {
  on(binding, contract.readRouting, 'settings.read').answer(({ tx, actor, now }) => readTable(tx, actor.org.id, now))
  on(binding, contract.addLine, 'settings.write').answer((c) => addLine(c, c.body))
  on(binding, contract.changeLine, 'settings.write').answer((c) => changeLine(c, c.params.id, c.body))
  on(binding, contract.removeLine, 'settings.write').answer(async (c) => {
    await removeLine(c, c.params.id, c.body.version)
    return {}
  })
  on(binding, contract.setMode, 'settings.write').answer(async (c) => {
    await setMode(c, c.params.id, c.body.mode)
    return {}
  })
  on(binding, contract.tryRouting, 'settings.read').answer(({ tx, actor }) => tryTable(tx, actor.org.id))
}
