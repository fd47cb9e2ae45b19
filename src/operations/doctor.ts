import { constants } from 'node:fs'
import { access, mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Config } from '../kit/config.ts'
import { assertWalls, openDatabase } from '../kit/db/database.ts'
import { checkServer } from '../kit/postgres/index.ts'
import { fingerprint, masterSecret } from '../kit/secrets.ts'
import { pendingMigrations } from './pending.ts'

/** `warn` should be looked at; `bad` must be put right before work goes on. */
export type Check = { readonly name: string; readonly state: 'good' | 'warn' | 'bad'; readonly line: string }
type Judged = Omit<Check, 'name'>
type Patient = { readonly config: Config; readonly client: pg.Client; readonly url: string; readonly now: number }

const good = (line: string): Judged => ({ state: 'good', line })
const warn = (line: string): Judged => ({ state: 'warn', line })
const bad = (line: string): Judged => ({ state: 'bad', line })

/** Looks at everything an operator can put right; each check stands alone, and one that fails says why. */
export async function examine(patient: Patient): Promise<Check[]> {
  const found: Check[] = []
  for (const [name, check] of Object.entries(checks)) {
    const judged = await check(patient).catch((error: unknown) =>
      bad(error instanceof Error ? error.message : String(error)),
    )
    found.push({ name, ...judged })
  }
  return found
}

const checks: Readonly<Record<string, (patient: Patient) => Promise<Judged>>> = {
  node: async () =>
    Number(process.versions.node.split('.')[0]) >= 24
      ? good(process.versions.node)
      : bad(`Node ${process.versions.node}: 24 or newer is needed`),
  postgres: async ({ client }) => {
    await checkServer(client)
    const { server_version } = await one<{ server_version: string }>(client, 'show server_version')
    return good(`PostgreSQL ${server_version}, fsync and synchronous_commit on`)
  },
  migrations: async ({ client }) => {
    const pending = await pendingMigrations(client)
    return pending.length === 0 ? good('all applied') : bad(`not applied: ${pending.join(', ')} (run: redress migrate)`)
  },
  walls: async ({ url }) => {
    const db = openDatabase(url, { max: 1 })
    await assertWalls(db).finally(() => db.close())
    return good('row-level security binds the app role')
  },
  secret: async ({ client, config }) => {
    const own = fingerprint(await masterSecret({ value: config.secret, dataDir: config.dataDir }))
    const { rows } = await client.query<{ value: string }>(
      `select value from meta.setting where key = 'secret-fingerprint'`,
    )
    if (!rows[0]) return warn(`${own}, not yet known to the database (no process has started)`)
    return rows[0].value === own ? good(own) : bad(`${own} is not the database's (${rows[0].value})`)
  },
  disk: async ({ config }) => diskOf(config.dataDir),
  time: async ({ client }) => {
    const before = Date.now()
    const { at } = await one<{ at: number }>(
      client,
      'select extract(epoch from clock_timestamp())::float8 * 1000 as at',
    )
    const apart = Math.abs(at - (before + Date.now()) / 2) / 1000
    return apart > 5
      ? bad(`the clocks of program and database are ${apart.toFixed(1)} s apart`)
      : good(`${apart.toFixed(3)} s apart`)
  },
  files: async ({ config }) => {
    if (config.databaseUrl) return good('kept in the database')
    const folder = join(config.dataDir, 'blobs')
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return good(`${folder} can be written`)
  },
  parked: async ({ client }) =>
    counted(client, `select count(*)::int as n from inbound_item where state = 'parked'`, 'parked inbound items'),
  outbox: async ({ client }) =>
    counted(client, `select count(*)::int as n from outbox where state = 'failed'`, 'outgoing messages given up'),
  imports: async ({ client }) =>
    counted(
      client,
      'select coalesce(sum(unfindable), 0)::int as n from import_run',
      'imported complaints that nothing finds by their words',
    ),
  jobs: async ({ client }) =>
    counted(
      client,
      'select count(*)::int as n from graphile_worker._private_jobs where attempts >= max_attempts',
      'jobs given up',
    ),
  checkpoints: async ({ client, now }) => {
    const { at, n } = await one<{ at: number | null; n: number }>(
      client,
      `select max(c.at) as at, (select count(*)::int from complaint) as n from checkpoint c`,
    )
    if (at === null) return n === 0 ? good('none yet, and nothing to hold') : warn('none yet')
    const hours = (now - at) / 3_600_000
    const { newer } = await one<{ newer: boolean }>(
      client,
      `select exists (select from stream where at < now() - interval '2 hours' and at > (select max(at) from checkpoint)) as newer`,
    )
    return newer
      ? warn(`the last is ${hours.toFixed(1)} h old, and work went on since`)
      : good(`the last is ${hours.toFixed(1)} h old`)
  },
  verified: async ({ client }) => {
    const { rows } = await client.query<{ value: { ok: boolean; wrong: number; at: string } }>(
      `select value from meta.setting where key = 'last-verify'`,
    )
    const last = rows[0]?.value
    if (!last) return warn('never (run: redress verify)')
    return last.ok ? good(`nothing wrong at ${last.at}`) : bad(`${last.wrong} things wrong at ${last.at}`)
  },
  restored: async ({ client }) => {
    const { rows } = await client.query<{ value: { state: string; from: string } }>(
      `select value from meta.setting where key = 'restored'`,
    )
    const last = rows[0]?.value
    return !last || last.state === 'done'
      ? good(last ? `from ${last.from}` : 'never')
      : bad(`the restore from ${last.from} did not finish: begin again with an empty database`)
  },
}

async function one<T extends pg.QueryResultRow>(client: pg.Client, query: string): Promise<T> {
  const { rows } = await client.query<T>(query)
  if (!rows[0]) throw new Error('the database gave no row')
  return rows[0]
}

async function counted(client: pg.Client, query: string, what: string): Promise<Judged> {
  const { n } = await one<{ n: number }>(client, query)
  return n > 0 ? warn(`${n} ${what}`) : good(`no ${what}`)
}

async function diskOf(folder: string): Promise<Judged> {
  const { blocks, bavail } = await statfs(folder)
  const full = Math.round((1 - bavail / blocks) * 100)
  const line = `${full} % of the disk of ${folder} is used`
  return full >= 90 ? bad(line) : full >= 80 ? warn(line) : good(line)
}
