import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbedded, startEmbedded } from '../src/kit/postgres/index.ts'
import { migrate } from '../src/migrate.ts'
import { layWorld } from './lay.ts'

export type World = {
  readonly size: number
  readonly label: string
  readonly dir: string
  /** Process of the database server. */
  readonly databasePid: number
  readonly url: string
  readonly org: string
  readonly no: number
  readonly slug: string
  /** Sign-in names of the callers: a handler sees one team, a lead sees all. */
  readonly handler: string
  readonly lead: string
  readonly intake: string
  readonly place: string
  /** How many messages hold each search term. */
  readonly found: readonly number[]
  readonly facts: Readonly<Record<string, number>>
  stop(): Promise<void>
}
export type Laid = Omit<World, 'url' | 'stop' | 'dir' | 'databasePid'>

/** Raised when what a world is made of changes: older ones are laid anew. */
const version = 3

type Manifest = { version: number } & Laid

/** The bench world of a size, made once and kept in the system's folder for temporary files (`--fresh` makes it anew). */
export async function openWorld(size: number, options: { fresh: boolean; seed?: number }): Promise<World> {
  const label = size >= 1_000_000 ? `${size / 1_000_000}m` : `${size / 1000}k`
  const dir = join(process.env.REDRESS_BENCH ?? tmpdir(), `redress-bench-${label}`)
  const file = join(dir, 'world.json')
  const dataDir = join(dir, 'postgres')
  if (options.fresh || !isOfToday(file)) {
    await removeEmbedded(dataDir)
    rmSync(dir, { recursive: true, force: true })
  }
  mkdirSync(dir, { recursive: true, mode: 0o711 })
  if (!existsSync(file)) {
    const made = await layWorld(dataDir, size, label, options.seed ?? 7)
    writeFileSync(file, JSON.stringify({ version, ...made }, null, 1))
  }
  const server = await startEmbedded({ dataDir })
  await migrate(server.url)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  return { ...manifest, dir, url: server.url, databasePid: server.pid, stop: () => server.stop() }
}

function isOfToday(file: string): boolean {
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as Manifest).version === version
}
