import { rmSync } from 'node:fs'
import pg from 'pg'
import { binariesFor } from './binaries.ts'
import { makeCluster, urlOf } from './cluster.ts'
import { identityFor } from './identity.ts'
import { type Lock, takeLock, tryLock } from './lock.ts'
import { findPlace, type Place, settlePlace } from './place.ts'
import { livingPostmaster, type Postmaster } from './postmaster.ts'
import { bootServer, haltServer, untilReady } from './server.ts'
import { watchOver } from './watch.ts'

export type EmbeddedOptions = {
  /** The folder of this server's things, e.g. `data/postgres`; made when missing. */
  readonly dataDir: string
  /** Told, in one line each, what the operator should know. */
  readonly log?: (line: string) => void
  /** Start the server again when it dies under us. Default true. */
  readonly watch?: boolean
  /** Further postgresql.conf settings. */
  readonly settings?: Readonly<Record<string, string>>
}

export type Embedded = {
  /** The superuser's connection url. It stays the same when the server is restarted by the watch. */
  readonly url: string
  readonly pid: number
  /** The folder really used: `dataDir`, or a system folder where that one is closed to PostgreSQL's user. */
  readonly home: string
  /** Whether a running server was found instead of started. */
  readonly adopted: boolean
  /** Lets go of the server; the last program to let go ends it. */
  stop(): Promise<void>
}

/** Programs starting at once wait for each other this long: a first start on a slow disk. */
const startPatience = 5 * 60_000
const database = 'redress'

/** Starts the embedded PostgreSQL of `dataDir`, or takes over the one still running there. Throws `DatabaseProblem`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const log = options.log ?? (() => {})
  const place = settlePlace(options.dataDir, log)
  const start = () => underLock(place, () => findOrBoot(place, options, log))
  const { server, adopted, use } = await underLock(place, async () => {
    const found = await findOrBoot(place, options, log)
    await makeDatabase(place, found.server)
    return { ...found, use: await takeLock(place.usersLock, 'shared', startPatience) }
  })
  const watch = options.watch === false ? null : watchOver(place, log, async () => void (await start()))
  return {
    url: urlOf(place, server, database),
    pid: server.pid,
    home: place.home,
    adopted,
    stop: async () => {
      await watch?.end()
      await letGo(place, use)
    },
  }
}

/** The url of the server that runs for `dataDir`, or null. Starts nothing and holds nothing. */
export async function adoptEmbedded(dataDir: string): Promise<string | null> {
  const place = findPlace(dataDir)
  const living = place && livingPostmaster(place)
  const server = living && (await untilReady(place, living.pid))
  return server ? urlOf(place, server, database) : null
}

/** Ends the server of `dataDir` if one runs and removes everything it kept. For tests and throwaway servers only. */
export async function removeEmbedded(dataDir: string): Promise<void> {
  const place = findPlace(dataDir)
  if (place) {
    await haltServer(place)
    rmSync(place.home, { recursive: true, force: true })
  }
  rmSync(dataDir, { recursive: true, force: true })
}

async function findOrBoot(
  place: Place,
  options: EmbeddedOptions,
  log: (line: string) => void,
): Promise<{ server: Postmaster; adopted: boolean }> {
  const living = livingPostmaster(place)
  const running = living && (await untilReady(place, living.pid))
  if (running) return { server: running, adopted: true }
  const who = identityFor(place.cluster)
  const native = binariesFor(place.home, who, log)
  await makeCluster(place, native, who)
  return { server: await bootServer(place, native, who, options.settings ?? {}), adopted: false }
}

async function makeDatabase(place: Place, server: Postmaster): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(place, server, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`)
  } finally {
    await client.end()
  }
}

async function letGo(place: Place, use: Lock): Promise<void> {
  await underLock(place, async () => {
    use.release()
    const last = tryLock(place.usersLock, 'exclusive')
    if (!last) return
    await haltServer(place)
    last.release()
  })
}

async function underLock<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(place.startLock, 'exclusive', startPatience)
  try {
    return await work()
  } finally {
    lock.release()
  }
}
