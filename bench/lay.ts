import pg from 'pg'
import { openDatabase } from '../src/kit/db/database.ts'
import { startEmbedded } from '../src/kit/postgres/index.ts'
import { migrate } from '../src/migrate.ts'
import { hashPassword } from '../src/people/index.ts'
import { fill, makePen } from './fill.ts'
import { furnish, type House, password } from './house.ts'
import { dropLate, emptiable } from './late-indexes.ts'
import { putSearchRows, stageBodies, stageSearchRows } from './search-rows.ts'
import { openSinks } from './tables.ts'
import { terms } from './words.ts'
import type { Laid } from './world.ts'

/**
 * How the database runs while a world is laid, and never afterwards: it can be laid again, so nothing is waited for and
 * what one transaction empties and fills is not logged. Benches run with the settings of the product.
 */
const hasty = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '16GB',
  checkpoint_timeout: '1h',
  autovacuum: 'off',
  maintenance_work_mem: '768MB',
  max_parallel_maintenance_workers: '2',
}
const smallHouses = 50

/** Lays a world of `size` complaints into an empty data folder. */
export async function layWorld(dataDir: string, size: number, label: string, seed: number): Promise<Laid> {
  const started = performance.now()
  const seconds = () => Math.round((performance.now() - started) / 1000)
  const say = (line: string) => process.stderr.write(`world ${label}: ${seconds()} s ${line}\n`)
  const server = await startEmbedded({ dataDir, settings: hasty })
  try {
    await migrate(server.url)
    const laid = await lay(server.url, size, label, seed, say)
    return { ...laid, facts: { ...laid.facts, seconds: seconds() } }
  } finally {
    await server.stop()
  }
}

async function lay(url: string, size: number, label: string, seed: number, say: (line: string) => void): Promise<Laid> {
  const now = Date.now()
  const { main, small } = await furnishAll(url, now)
  say('organisations furnished')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const late = await dropLate(client)
  const empty = await emptiable(client)
  await stageSearchRows(client)
  const pen = makePen(6000, seed)
  const beside = makePen(300, seed + 1, 6000)
  await stageBodies(url, [...pen.all, ...beside.all])
  say('texts written')

  const began = performance.now()
  const sinks = await openSinks(url, empty)
  const counted: [House, Record<number, number>][] = [
    [main, await fill(sinks, main, pen, { size, now, seed, told: (n) => say(`${n} complaints`) })],
  ]
  const few = Math.max(20, Math.round(size / 1000))
  for (const [i, house] of small.entries())
    counted.push([house, await fill(sinks, house, beside, { size: few, now, seed: seed + 10 + i })])
  let rows = 0
  for (const sink of Object.values(sinks)) rows += await sink.end()
  await takeNumbers(client, counted)
  say(`${rows} rows copied`)

  // Two at a time: one writes search rows and their index, the other everything else that was put off.
  const [tsv, ...others] = late
  const other = inTurn(
    url,
    others.filter((statement) => !/\bsearch_row\b/.test(statement)),
    say,
  )
  await putSearchRows(client)
  say('search rows written')
  await Promise.all([other, inTurn(url, [tsv ?? '', ...others.filter((s) => /\bsearch_row\b/.test(s))], say)])
  const complaintsPerSecond = Math.round((size / (performance.now() - began)) * 1000)
  await client.query('vacuum (analyze)')
  await client.query('checkpoint')
  const { rows: bytes } = await client.query<{ size: string }>('select pg_database_size(current_database()) as size')
  await client.end()
  say('ready')
  const [first] = main.teams
  if (!first?.handlers[0]) throw new Error('no handler')
  return {
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
    facts: { messages: pen.messages, rows, complaintsPerSecond, megabytes: Math.round(Number(bytes[0]?.size) / 1e6) },
  }
}

async function furnishAll(url: string, now: number): Promise<{ main: House; small: House[] }> {
  const db = openDatabase(url, { max: 2 })
  try {
    const passwordHash = await hashPassword(password)
    const main = await furnish(db, now, { slug: 'bench', teams: 12, people: 200, passwordHash })
    const small: House[] = []
    for (let i = 0; i < smallHouses; i += 1)
      small.push(await furnish(db, now, { slug: `small-${i}`, teams: 1, people: 3, passwordHash }))
    return { main, small }
  } finally {
    await db.close()
  }
}

async function takeNumbers(client: pg.Client, counted: readonly [House, Record<number, number>][]): Promise<void> {
  for (const [house, years] of counted)
    for (const [year, n] of Object.entries(years))
      await client.query('insert into number_block (org_id, year, next) values ($1, $2, $3)', [house.org, year, n + 1])
}

/** Runs statements one after another on a connection of their own. */
async function inTurn(url: string, statements: readonly string[], say: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) {
      await client.query(statement)
      say(statement.slice(0, 90))
    }
  } finally {
    await client.end()
  }
}
