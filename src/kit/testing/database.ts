import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { adoptEmbedded, startEmbedded } from '../postgres/index.ts'

/** Where the test run keeps its one PostgreSQL server; set by the global setup for all workers. */
export const serverFolderVariable = 'REDRESS_TEST_POSTGRES'

export type TestDatabase = {
  /** Connection url of the superuser. */
  readonly url: string
  /** Removes the database, also while somebody is still connected. */
  drop(): Promise<void>
}

const template = 'redress_template'
// Named at run time: the kit knows no slice, and the migrations are made of all of them.
const migrations = new URL('../../migrate.ts', import.meta.url)
let server: Promise<string> | undefined
let migrated: Promise<void> | undefined

/** A database of its own with every migration applied, copied from a template that is made once a test run. */
export async function freshDatabase(): Promise<TestDatabase> {
  const admin = await serverUrl()
  migrated ??= makeTemplate(admin, template, applyMigrations)
  await migrated
  return create(admin, `TEMPLATE ${template}`)
}

/** A copy of the database `name`, which the first to ask in a test run makes: empty, then filled by `fill`. */
export async function databaseLike(name: string, fill: (url: string) => Promise<void>): Promise<TestDatabase> {
  const admin = await serverUrl()
  await makeTemplate(admin, name, fill)
  return create(admin, `TEMPLATE ${name}`)
}

/** An empty database, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return create(await serverUrl(), 'TEMPLATE template0')
}

/** The superuser's url of the run's server, which the first test to ask starts: a run without database tests has none. */
export function serverUrl(): Promise<string> {
  server ??= findServer()
  return server
}

async function findServer(): Promise<string> {
  const folder = process.env[serverFolderVariable]
  if (!folder)
    throw new Error(`${serverFolderVariable} is not set: run the tests with vitest and the project's vitest.config.ts`)
  const dataDir = join(folder, 'postgres')
  const settings = { max_connections: '200' }
  const url = (await adoptEmbedded(dataDir)) ?? (await startEmbedded({ dataDir, watch: false, settings })).url
  // There from the first moment: a server somebody else is just starting has its own database a little later.
  return named(url, 'postgres')
}

async function create(admin: string, from: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await run(admin, `CREATE DATABASE ${name} ${from}`)
  return { url: named(admin, name), drop: () => run(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/** Workers wait for the first one; what failed leaves no template, so that each of them tells the reason. */
async function makeTemplate(admin: string, name: string, fill: (url: string) => Promise<void>): Promise<void> {
  await connected(admin, async (client) => {
    await client.query(`SELECT pg_advisory_lock(hashtext('${name}'))`)
    const made = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (made.rowCount) return
    const draft = `${name}_draft`
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${draft} TEMPLATE template0`)
    await fill(named(admin, draft))
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`)
  })
}

async function applyMigrations(url: string): Promise<void> {
  const { migrate } = (await import(migrations.href)) as { migrate(url: string): Promise<unknown> }
  await migrate(url)
}

function run(url: string, sql: string): Promise<void> {
  return connected(url, async (client) => void (await client.query(sql)))
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function named(url: string, database: string): string {
  const copy = new URL(url)
  copy.pathname = `/${database}`
  return copy.href
}
