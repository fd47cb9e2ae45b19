import { rename } from 'node:fs/promises'
import { sql } from 'kysely'
import { checkpointPath } from '../audit/index.ts'
import { loadDemo } from '../demo/load.ts'
import { removeDemo } from '../demo/remove.ts'
import { type Call, type Command, UsageError } from './command.ts'
import { type Opened, withServices } from './installation.ts'

export const demo: Command = {
  name: 'demo',
  usage: 'load | remove',
  about: 'Adds the demo organisation with its complaints, or removes it wholly.',
  details: 'Only the demo organisation is ever touched; nobody is written to. load prints whom to sign in as.',
  examples: ['demo load', 'demo remove'],
  run: (call) => {
    const [deed] = call.words
    if (deed === 'load') return withServices(call.config, (app) => load(app, call))
    if (deed === 'remove') return withServices(call.config, (app) => remove(app, call))
    throw new UsageError('use: demo load | demo remove')
  },
}

async function load(app: Opened, call: Call): Promise<number> {
  const { organisation, signIns } = await loadDemo(app)
  for (const { name, mail, password, roles } of signIns)
    call.say(`${mail.padEnd(36)} ${password.padEnd(20)} ${name} (${roles.join(', ')})`)
  call.result({ organisation, signIns })
  return 0
}

async function remove(app: Opened, call: Call): Promise<number> {
  const before = await organisations(app)
  const done = await removeDemo(app)
  const after = new Set(await organisations(app))
  // Verification takes a checkpoint file without its organisation for a deletion behind our back.
  for (const org of before.filter((o) => !after.has(o))) {
    const path = checkpointPath(app.config.dataDir, org)
    await rename(path, `${path}.removed`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  call.say(`the demo organisation is removed (${done.rows} rows)`)
  call.result(done)
  return 0
}

async function organisations(app: Opened): Promise<string[]> {
  const rows = await app.systemDb.withoutScope((tx) =>
    tx.rows<{ org_id: string }>(sql`select org_id from organisation`),
  )
  return rows.map((r) => r.org_id)
}
