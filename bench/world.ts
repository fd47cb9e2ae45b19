import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase } from '../src/kit/db/database.ts'
import { type Embedded, removeEmbedded, startEmbedded } from '../src/kit/postgres/index.ts'
import { migrate } from '../src/migrate.ts'
import { hashPassword } from '../src/people/index.ts'
import { fill, makePen } from './fill.ts'
import { furnish, type House } from './house.ts'
import { openSinks } from './tables.ts'
import { terms } from './words.ts'

export const password = 'correct horse battery 9'

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
/** Raised when what a world is made of changes: older ones are laid anew. */
const version = 2

type Manifest = { version: number } & Omit<World, 'url' | 'stop' | 'dir' | 'databasePid'>

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
  const server = await startEmbedded({ dataDir })
  await migrate(server.url)
  if (!existsSync(file)) {
    const made = await lay(server, size, label, options.seed ?? 7)
    writeFileSync(file, JSON.stringify(made, null, 1))
  }
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  return { ...manifest, dir, url: server.url, databasePid: server.pid, stop: () => server.stop() }
}

function isOfToday(file: string): boolean {
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as Manifest).version === version
}

/** Indexes that are cheaper to build over all rows at once than to keep up row by row. */
const late = ['search_row_tsv', 'text_band_pkey', 'identity_key_pkey', 'customer_identity_norm', 'complaint_public_ref']

async function lay(server: Embedded, size: number, label: string, seed: number): Promise<Manifest> {
  const started = performance.now()
  const say = (line: string) =>
    process.stderr.write(`world ${label}: ${Math.round((performance.now() - started) / 1000)} s ${line}\n`)
  const now = Date.now()
  const db = openDatabase(server.url, { max: 2 })
  const passwordHash = await hashPassword(password)
  const main = await furnish(db, now, { slug: 'bench', teams: 12, people: 200, passwordHash })
  const small: House[] = []
  for (let i = 0; i < 50; i += 1)
    small.push(await furnish(db, now, { slug: `small-${i}`, teams: 1, people: 3, passwordHash }))
  await db.close()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const restore = await dropLate(client)
  say('organisations furnished')
  const pen = makePen(6000, seed)
  say('texts written')
  const sinks = await openSinks(server.url)
  const laying = performance.now()
  const numbers = await fill(sinks, main, pen, { size, now, seed, told: (n) => say(`${n} complaints`) })
  const beside = makePen(300, seed + 1)
  const counted: [House, Record<number, number>][] = [[main, numbers]]
  for (const [i, house] of small.entries())
    counted.push([
      house,
      await fill(sinks, house, beside, { size: Math.max(20, Math.round(size / 1000)), now, seed: seed + 10 + i }),
    ])
  let rows = 0
  for (const sink of Object.values(sinks)) rows += await sink.end()
  const perSecond = Math.round((size / (performance.now() - laying)) * 1000)
  say(`${rows} rows copied, ${perSecond} complaints/s`)
  for (const [house, years] of counted)
    for (const [year, n] of Object.entries(years))
      await client.query('insert into number_block (org_id, year, next) values ($1, $2, $3)', [house.org, year, n + 1])
  const indexing = performance.now()
  for (const statement of restore) {
    await client.query(statement)
    say(statement.slice(0, 90))
  }
  const indexSeconds = Math.round((performance.now() - indexing) / 1000)
  await client.query('vacuum (analyze)')
  await client.query('checkpoint')
  const { rows: bytes } = await client.query<{ size: string }>('select pg_database_size(current_database()) as size')
  await client.end()
  say('ready')
  const [first] = main.teams
  if (!first?.handlers[0]) throw new Error('no handler')
  return {
    version,
    size,
    label,
    org: main.org,
    no: main.no,
    slug: main.slug,
    handler: first.handlers[0].mail,
    lead: first.lead.mail,
    intake: main.intake.mail,
    place: first.placeId,
    found: terms.map((_, i) => pen.found[i] ?? 0),
    facts: {
      messages: pen.messages,
      rows,
      complaintsPerSecond: perSecond,
      indexSeconds,
      seconds: Math.round((performance.now() - started) / 1000),
      megabytes: Math.round(Number(bytes[0]?.size) / 1e6),
    },
  }
}

/** Drops the late indexes and gives the statements that bring them back. */
async function dropLate(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; tbl: string; def: string; con: string | null }>(
    `select c.relname as name, i.indrelid::regclass::text as tbl, pg_get_indexdef(i.indexrelid) as def,
       (select pg_get_constraintdef(k.oid) from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u')) as con
     from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = any ($1)`,
    [late],
  )
  const restore = [`set maintenance_work_mem = '512MB'`, `set max_parallel_maintenance_workers = 2`]
  for (const { name, tbl, def, con } of rows) {
    await client.query(con ? `alter table ${tbl} drop constraint ${name}` : `drop index ${name}`)
    restore.push(con ? `alter table ${tbl} add constraint ${name} ${con}` : def)
  }
  return restore
}
