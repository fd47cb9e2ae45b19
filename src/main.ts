import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import pino from 'pino'
import { type App, makeApp } from './app.ts'
import { runCli } from './cli/index.ts'
import { demoUnfinished, loadDemo } from './demo/load.ts'
import { type Offer, offerOf, openToOthers } from './demo/offer.ts'
import { demoSignIns, signInTable } from './demo/sign-ins.ts'
import { startWorker } from './jobs.ts'
import { assertSecret } from './audit/index.ts'
import { type Config, configOrExit } from './kit/config.ts'
import { adoptEmbedded, checkServer, startEmbedded } from './kit/postgres/index.ts'
import { type Listening, listenForMail } from './mail/index.ts'
import { migrate } from './migrate.ts'
import { hasNoOrganisation, setupToken } from './people/index.ts'

type Role = 'serve' | 'work' | 'all'
const roles: readonly string[] = ['serve', 'work', 'all']

/** The entry: `serve | work | all` run the program, anything else is a command of the CLI. */
async function main(argv: string[]): Promise<void> {
  const [name = 'all', ...rest] = argv
  if (!roles.includes(name) || rest.includes('--help')) {
    process.exitCode = await runCli(argv, process.env)
    return
  }
  const [empty, demo] = [rest.includes('--empty'), rest.includes('--demo')]
  const config = configOrExit(
    process.env,
    rest.filter((a) => a !== '--empty' && a !== '--demo'),
  )
  await run(name as Role, config, offerOf({ ...config, demo, empty }))
}

/** Only `all` starts (and stops) the embedded server; the other roles adopt a running one. */
async function database(
  role: Role,
  config: Config,
): Promise<{ url: string; embedded: boolean; stop(): Promise<void> }> {
  if (config.databaseUrl) return { url: config.databaseUrl, embedded: false, stop: async () => undefined }
  const dataDir = join(config.dataDir, 'postgres')
  if (role === 'all') {
    const server = await startEmbedded({ dataDir, log: (line: string) => console.log(line) })
    return { url: server.url, embedded: true, stop: () => server.stop() }
  }
  const url = await adoptEmbedded(dataDir)
  if (!url) throw new Error(`no database: start "redress all" first, or set DATABASE_URL`)
  return { url, embedded: true, stop: async () => undefined }
}

async function run(role: Role, config: Config, offer: Offer): Promise<void> {
  const log = pino({ level: config.logLevel, base: { role } })
  const db = await database(role, config)
  const client = new pg.Client({ connectionString: db.url, connectionTimeoutMillis: 10_000, query_timeout: 30_000 })
  await client.connect()
  await checkServer(client).finally(() => client.end())
  await migrate(db.url)
  const app = await makeApp({ config, databaseUrl: db.url, log, embedded: db.embedded })
  await assertSecret(app.systemDb, app.master)
  const first = await hasNoOrganisation(app.db)
  if ((first || (await demoUnfinished(app))) && offer === 'load' && role !== 'work') await offerDemo(app)
  const worker = role === 'serve' ? undefined : await startWorker(app)
  const mail = role === 'work' ? [] : await listenMail(app, role)
  if (role !== 'work') await listen(app, first && offer === 'withheld', mail)
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    // Whatever still runs after 25 s is cut: nothing acknowledged is lost by that.
    setTimeout(() => process.exit(1), 25_000).unref()
    await Promise.all([app.server.close(), worker?.stop(), ...mail.map((m) => m.stop())])
    await app.close()
    await db.stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

/** The demo is offered once: whoever removed it does not want it back at the next start. Noted after it is whole. */
async function offerDemo(app: App): Promise<void> {
  const { rows } = await app.systemDb.pool.query("select 1 from meta.setting where key = 'demo-offered'")
  if (rows.length > 0) return
  const told = tellTenths((tenths) => console.log(`Loading the demo: ${tenths}0 %`))
  await loadDemo(app, { progress: told })
  await app.systemDb.pool.query(
    "insert into meta.setting (key, value) values ('demo-offered', 'true') on conflict do nothing",
  )
}

/** Says each second tenth once: a first start should not look as if it hung. */
function tellTenths(tell: (tenths: number) => void): (done: number) => void {
  let last = 0
  return (done) => {
    const tenths = Math.floor(done * 5) * 2
    if (tenths > last) tell(tenths)
    last = tenths
  }
}

async function hasDemo(app: App): Promise<boolean> {
  const { rows } = await app.systemDb.pool.query('select 1 from organisation where demo')
  return rows.length > 0
}

/**
 * Where mail is taken in. Unless it is said, that is this machine alone, and only where everything runs in one process; a port
 * that somebody has already is told then, and stops nothing.
 */
async function listenMail(app: App, role: Role): Promise<readonly Listening[]> {
  const said = app.config.mailListen
  if (said) return Promise.all(said.map((at) => listenForMail(app, at)))
  if (role !== 'all') return []
  try {
    return [await listenForMail(app, { protocol: 'smtp', host: '127.0.0.1', port: 2525 })]
  } catch (error) {
    app.log.warn({ err: error }, 'no mail is taken in: 127.0.0.1:2525 is taken (REDRESS_MAIL_LISTEN names another)')
    return []
  }
}

async function listen(app: App, withheld: boolean, mail: readonly Listening[]): Promise<void> {
  const { config } = app
  await app.server.listen({ port: config.port, host: config.host })
  const address = app.server.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const base = config.publicUrl ?? `http://localhost:${port}`
  console.log(`\nRedress is ready: ${base}/`)
  console.log(`  desk    ${base}/desk/\n  API     ${base}/api/v1/docs`)
  if (mail.length > 0) console.log(`  mail    ${mail.map((m) => m.address).join(', ')}`)
  const open = openToOthers(config)
  if (withheld) console.log(`\nNo demo: its passwords are published, and ${open} is open to others (--demo loads it).`)
  const demo = await hasDemo(app)
  if (demo && open)
    console.log(`\nWARNING: the demo is loaded, anybody who reaches ${open} may sign in: "./redress demo remove"`)
  if (await hasNoOrganisation(app.db))
    console.log(`\nMake the first administrator: ${base}/desk/setup?token=${setupToken(app.master)}`)
  else if (demo)
    console.log(`\nDemo sign-ins (remove the demo with "./redress demo remove"):\n${signInTable(demoSignIns())}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(1)
  })
}
