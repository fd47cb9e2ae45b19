import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { auditRoutes } from './audit/routes.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { complaintRoutes } from './complaints/routes.ts'
import { numberBlocks } from './complaints/numbers.ts'
import { liveRoutes } from './complaints/stream.ts'
import { customerRoutes } from './customers/routes.ts'
import { docsRoutes } from './docs-routes.ts'
import { draftRoutes } from './drafts/routes.ts'
import { exportRoutes } from './export/routes.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './import/routes.ts'
import { insightRoutes } from './insights/routes.ts'
import { intakeRoutes } from './intake/routes.ts'
import { schedules } from './jobs.ts'
import { languageRoutes } from './language/routes.ts'
import { directoryStore } from './kit/blobs/directory-store.ts'
import { postgresStore } from './kit/blobs/postgres-store.ts'
import type { Config } from './kit/config.ts'
import { assertWalls, type Database, openDatabase } from './kit/db/database.ts'
import type { Binding } from './kit/http/serve.ts'
import { makeServer } from './kit/http/server.ts'
import { masterSecret, subkey } from './kit/secrets.ts'
import type { Services } from './kit/services.ts'
import { openWakes, type Wakes } from './kit/stream/wake.ts'
import { mailRoutes } from './mail/routes.ts'
import { noticeRoutes } from './notices/routes.ts'
import { operationsRoutes } from './operations/routes.ts'
import { makeAuthorise, type StaffActor } from './people/index.ts'
import { peopleRoutes } from './people/routes.ts'
import { openPresence } from './presence/index.ts'
import { preferenceRoutes } from './preferences/routes.ts'
import { presenceRoutes } from './presence/routes.ts'
import { portalRoutes } from './portal/routes.ts'
import { portalSettingRoutes } from './portal/settings.ts'
import { replyRoutes } from './replies/routes.ts'
import { routingRoutes } from './routing/routes.ts'
import { templateRoutes } from './templates/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { seedOrganisation } from './seeds/index.ts'
import { viewRoutes } from './views/routes.ts'
import { webRoutes } from './web-routes.ts'

/** The whole system, wired on one screen. */
export type App = Services & {
  readonly binding: Binding<StaffActor>
  readonly server: FastifyInstance
  /** Whole-installation work: verify, checkpoints, metrics. Not for requests. */
  readonly systemDb: Database
  readonly master: Buffer
  /** The superuser's url: migrations and the worker. */
  readonly databaseUrl: string
  readonly publicUrl: string
  readonly wakes: Wakes
  close(): Promise<void>
}

export type AppOptions = {
  readonly config: Config
  readonly databaseUrl: string
  readonly log: Logger
  /** The embedded database keeps blobs in a folder, an outside one keeps them itself, so that many machines serve. */
  readonly embedded: boolean
  readonly now?: () => number
  readonly poolSize?: number
  /** One statement of whole-installation work: long for the command line, as short as a request's in a running program. */
  readonly systemMs?: number
}

export async function makeServices(
  options: AppOptions,
): Promise<Services & Pick<App, 'systemDb' | 'master' | 'databaseUrl' | 'publicUrl' | 'wakes'>> {
  const { config, databaseUrl, log, embedded, now = Date.now } = options
  const onError = (error: Error) =>
    log.warn({ err: { type: error.name, message: error.message } }, 'lost a database connection')
  const size = options.poolSize ? { max: options.poolSize } : {}
  const db = openDatabase(databaseUrl, { onError, statementTimeoutMs: config.databaseMs, ...size })
  const statementTimeoutMs = options.systemMs ?? 600_000
  const systemDb = openDatabase(databaseUrl, { role: 'redress_system', max: 3, onError, statementTimeoutMs })
  await assertWalls(db)
  const wakes = openWakes({ url: databaseUrl, onError })
  const master = await masterSecret({ value: config.secret, dataDir: config.dataDir })
  const blobs = (orgId: string) =>
    embedded
      ? directoryStore({ root: join(config.dataDir, 'blobs'), orgId })
      : postgresStore({ orgId, withClient: (fn) => db.withScope({ org: orgId }, ({ client }) => fn(client)) })
  return {
    config,
    db,
    systemDb,
    now,
    log,
    blobs,
    master,
    databaseUrl,
    subkey: subkeysOf(master),
    wakes,
    wake: wakes.wake,
    numbers: numberBlocks(systemDb, now),
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
  }
}

/** Each purpose's key is derived once. */
function subkeysOf(master: Buffer): (purpose: string) => Buffer {
  const keys = new Map<string, Buffer>()
  return (purpose) => {
    const key = keys.get(purpose) ?? subkey(master, purpose)
    keys.set(purpose, key)
    return key
  }
}

export async function makeApp(options: AppOptions): Promise<App> {
  // Numbers are reserved while a request waits.
  const services = await makeServices({ systemMs: options.config.databaseMs, ...options })
  const { db, now, publicUrl, master } = services
  const { perMinute } = options.config
  const server = await makeServer({ log: options.log, https: publicUrl.startsWith('https:') })
  const binding: Binding<StaffActor> = {
    server,
    db,
    now,
    authorise: makeAuthorise({
      db,
      now,
      publicUrl,
      keyRate: { perSecond: perMinute.api / 60, burst: Math.max(200, perMinute.api / 15) },
    }),
    requestKey: services.subkey('idempotency'),
    routes: [],
  }
  const app: App = {
    ...services,
    binding,
    server,
    async close() {
      await server.close()
      await services.wakes.close()
      await db.close()
      await services.systemDb.close()
    },
  }
  healthRoutes(app)
  peopleRoutes(binding, { publicUrl, master, triesPerPlace: perMinute.signIn, onOrganisationCreated: seedOrganisation })
  catalogueRoutes(app)
  routingRoutes(app)
  complaintRoutes(app)
  customerRoutes(app)
  searchRoutes(app)
  replyRoutes(app)
  mailRoutes(app)
  templateRoutes(app)
  portalSettingRoutes(app)
  viewRoutes(app)
  auditRoutes(app)
  operationsRoutes(app, schedules)
  insightRoutes(app)
  exportRoutes(app)
  draftRoutes(app)
  languageRoutes(app)
  noticeRoutes(app)
  preferenceRoutes(app)
  const presence = openPresence(app.wakes, now)
  presenceRoutes(app, presence)
  await liveRoutes(app, app.wakes, presence)
  await intakeRoutes(app)
  await importRoutes(app)
  docsRoutes(app)
  await server.register(portalRoutes(app))
  await webRoutes(app)
  return app
}
