import { join } from 'node:path'
import pg from 'pg'
import pino from 'pino'
import { makeServices } from '../app.ts'
import { assertSecret } from '../audit/index.ts'
import type { Config } from '../kit/config.ts'
import { adoptEmbedded, checkServer, DatabaseProblem, startEmbedded } from '../kit/postgres/index.ts'
import { pendingMigrations } from '../operations/index.ts'

export type Reached = { readonly url: string; readonly embedded: boolean; stop(): Promise<void> }

/** The database of this installation: the outside one, the embedded one that runs, or the embedded one started for a moment. */
export async function reachDatabase(config: Config): Promise<Reached> {
  if (config.databaseUrl) return { url: config.databaseUrl, embedded: false, stop: async () => undefined }
  const dataDir = join(config.dataDir, 'postgres')
  const running = await adoptEmbedded(dataDir)
  if (running) return { url: running, embedded: true, stop: async () => undefined }
  const server = await startEmbedded({ dataDir, watch: false })
  return { url: server.url, embedded: true, stop: () => server.stop() }
}

export async function withDatabase<T>(config: Config, work: (reached: Reached) => Promise<T>): Promise<T> {
  const reached = await reachDatabase(config)
  try {
    return await work(reached)
  } finally {
    await reached.stop()
  }
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'redress cli' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export type Opened = Awaited<ReturnType<typeof makeServices>> & { close(): Promise<void> }

export async function openServices(config: Config, { url, embedded }: Reached): Promise<Opened> {
  const log = pino({ level: 'error' }, pino.destination(2))
  const services = await makeServices({ config, databaseUrl: url, log, embedded, poolSize: 4 })
  return {
    ...services,
    close: async () => {
      await services.wakes.close()
      await services.db.close()
      await services.systemDb.close()
    },
  }
}

/** The installation as the program itself opens it: schema up to date, right secret. Throws one line when it is not. */
export function withServices<T>(config: Config, work: (app: Opened) => Promise<T>): Promise<T> {
  return withDatabase(config, async (reached) => {
    const pending = await withClient(reached.url, async (client) => {
      await checkServer(client)
      return pendingMigrations(client)
    })
    if (pending.length > 0)
      throw new DatabaseProblem(`the database lacks ${pending.join(', ')}: run "./redress migrate" first`)
    const app = await openServices(config, reached)
    try {
      await assertSecret(app.systemDb, app.master)
      return await work(app)
    } finally {
      await app.close()
    }
  })
}
