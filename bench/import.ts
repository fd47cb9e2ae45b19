import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { openDatabase } from '../src/kit/db/database.ts'
import { removeEmbedded, startEmbedded } from '../src/kit/postgres/index.ts'
import { migrate } from '../src/migrate.ts'
import { hashPassword } from '../src/people/index.ts'
import { chance as newChance } from './chance.ts'
import { furnish, type House } from './house.ts'
import { round } from './load.ts'
import { cpuMs, memoryOf } from './program.ts'
import { print } from './report.ts'
import { bodies } from './words.ts'

const shared = fileURLToPath(new URL('../../shared/data/', import.meta.url))
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
type Case = { readonly what: string; readonly file: string; readonly mapping: string; readonly goal?: number }
type Result = {
  readonly imported: number
  readonly bad: number
  readonly seconds: number
  readonly flawed: number
  readonly findableSeconds: number
}

/** Imports a made history and the real ones by the command, as an operator would, on a database of its own that keeps its promises. */
export async function importing(rows: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'redress-bench-import-'))
  const server = await startEmbedded({ dataDir: join(dir, 'postgres') })
  try {
    await migrate(server.url)
    const db = openDatabase(server.url, { max: 2 })
    const house = await furnish(db, Date.now(), {
      slug: 'bench',
      teams: 4,
      people: 20,
      passwordHash: await hashPassword('bench'),
    })
    await db.close()
    await bring(dir, server.pid, { what: `a made history of ${rows}`, ...(await made(dir, rows)), goal: 3000 })
    for (const real of realOnes(dir)) await bring(dir, server.pid, real)
    if (existsSync(join(shared, 'nyc311'))) await compareTimes(server.url, house)
    await verified(dir)
  } finally {
    await server.stop()
    await removeEmbedded(join(dir, 'postgres'))
  }
}

async function bring(dir: string, database: number, { what, file, mapping, goal }: Case): Promise<void> {
  writeFileSync(`${file}.yaml`, mapping)
  const before = cpuMs(database)
  const run = await command<Result>(dir, ['import', file, '--mapping', `${file}.yaml`, '--json'], database)
  const { imported, seconds, bad, flawed, findableSeconds } = run.result
  const each = (ms: number) => round(ms / imported)
  const all = cpuMs(database) - before
  const [program, server] = run.cpuBefore ? [run.cpuBefore.program, run.cpuBefore.database - before] : [run.cpu, all]
  print({
    bench: 'import',
    size: `${imported}`,
    n: imported,
    what: `${what}: complaints a second`,
    unit: '1/s',
    value: Math.round(imported / seconds),
    goal: goal ? `≥ ${goal}` : '',
    ok: goal ? imported / seconds >= goal : null,
    note: `${round(seconds)} s, and ${round(findableSeconds)} s more until all is findable (${Math.round(imported / (seconds + findableSeconds))}/s in all); ${bad} not taken, ${flawed} flawed; cpu ms a complaint: program ${each(program)} and database ${each(server)} to come in, ${each(run.cpu - program)} and ${each(all - server)} more to be found; ${run.rssMb} MB at its highest; machine load ${round(loadavg()[0] ?? 0)}`,
  })
}

async function verified(dir: string): Promise<void> {
  const { result } = await command<{ complaints: number; wrong: number }>(dir, ['verify', '--json'])
  print({
    bench: 'import',
    size: '',
    n: result.complaints,
    what: 'complaints that hold',
    unit: 'complaints',
    value: result.complaints - result.wrong,
    goal: 'all',
    ok: result.wrong === 0,
  })
}

/** Times to close as the database has them against those a plain reading of the file gives; negative ones left out. */
async function compareTimes(url: string, house: House): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ id: string; ms: string }>(
    `select i.source_id as id, extract(epoch from c.closed_at - c.received_at) * 1000 as ms from import_item i join import_run r on r.org_id = i.org_id and r.id = i.run_id
      join complaint c on c.org_id = i.org_id and c.id = i.complaint_id where i.org_id = $1 and r.source = 'nyc311' and i.flaw is null and c.closed_at is not null`,
    [house.org],
  )
  await client.end()
  const wanted = plainTimes()
  const same = rows.filter((r) => wanted.get(r.id) === Math.round(Number(r.ms))).length
  print({
    bench: 'import',
    size: `${wanted.size}`,
    n: wanted.size,
    what: 'nyc311: times to close that equal those of the file',
    unit: 'complaints',
    value: same,
    goal: 'all',
    ok: same === wanted.size && rows.length === wanted.size,
  })
}

function plainTimes(): Map<string, number> {
  const times = new Map<string, number>()
  for (const line of gunzipSync(readFileSync(join(shared, 'nyc311/requests.jsonl.gz')))
    .toString()
    .trim()
    .split('\n')) {
    const { id, created, closed } = JSON.parse(line) as Record<string, string>
    const ms = Date.parse(`${closed}Z`) - Date.parse(`${created}Z`)
    if (ms >= 0 && id) times.set(id, ms)
  }
  return times
}

function realOnes(dir: string): Case[] {
  const copy = (from: string, name: string) => {
    writeFileSync(join(dir, name), readFileSync(join(shared, from)))
    return join(dir, name)
  }
  if (!existsSync(join(shared, 'cfpb_events')) || !existsSync(join(shared, 'nyc311'))) {
    process.stderr.write('no ../shared/data: the real histories are not brought in\n')
    return []
  }
  return [
    {
      what: 'cfpb_events',
      file: copy('cfpb_events/events.csv.gz', 'cfpb.csv.gz'),
      mapping: `source: cfpb
columns: {id: id, received: date_received, answered: date_sent, title: [product, issue], product: product_canon, channel: submitted_via, state: company_response}
dates: {format: iso, zone: America/New_York}
defaults: {state: closed}
values: {state: {Untimely response: open}}
`,
    },
    {
      what: 'nyc311',
      file: copy('nyc311/requests.jsonl.gz', 'nyc311.jsonl.gz'),
      mapping:
        'source: nyc311\ncolumns: {id: id, received: created, closed: closed, title: type, type: type, place: borough}\ndates: {format: iso, zone: Etc/UTC}\n',
    },
  ]
}

/** A CSV of `rows` complaints over five years, 3 % open, with customers that come back, words of the bench world and an answer each. */
async function made(dir: string, rows: number): Promise<Pick<Case, 'file' | 'mapping'>> {
  const file = join(dir, 'history.csv')
  const chance = newChance(3)
  const texts = bodies(4000, chance)
  const out = createWriteStream(file)
  const span = 5 * 365 * 86_400_000
  const end = Date.now()
  out.write('case,received,answered,closed,status,title,text,customer,mail,phone,answer\n')
  for (let i = 0; i < rows; i += 1) {
    const at = Math.floor(end - span + (i / rows) * (span - 3e9))
    const iso = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
    const open = i % 33 === 0
    const body = chance.pick(texts)
    const who = chance.below(Math.ceil(rows * 0.6))
    const cells = [
      `C${i}`,
      iso(at),
      iso(at + 36e5),
      open ? '' : iso(at + 864e5),
      open ? 'open' : 'closed',
      `${body.title} ${i}`,
      body.text,
      `王${who}`,
      `c${who}@mail.test`,
      `09${10_000_000 + who}`,
      chance.pick(texts).title,
    ]
    if (!out.write(`${cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  const mapping =
    'source: made\ncolumns: {id: case, received: received, answered: answered, closed: closed, state: status, title: title, text: text, name: customer, mail: mail, phone: phone, answer: answer}\ndates: {format: iso, zone: Asia/Taipei}\n'
  return { file, mapping }
}

/** `cpuBefore`: what had been used when it began to make findable, as far as it says so. */
type Ended<T> = {
  readonly result: T
  readonly cpu: number
  readonly rssMb: number
  readonly cpuBefore?: { readonly program: number; readonly database: number }
}

async function command<T>(dir: string, args: readonly string[], database = 0): Promise<Ended<T>> {
  const child = spawn(process.execPath, ['--max-old-space-size=1024', '--max-semi-space-size=8', main, ...args], {
    env: { ...process.env, REDRESS_DATA: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let cpuBefore: Ended<T>['cpuBefore']
  child.stderr.on('data', (said: Buffer) => {
    process.stderr.write(said)
    if (!cpuBefore && said.includes('made findable'))
      cpuBefore = { program: cpuMs(child.pid ?? 0), database: cpuMs(database) }
  })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  let [cpu, rssMb] = [0, 0]
  const look = setInterval(() => {
    cpu = Math.max(cpu, cpuMs(child.pid ?? 0))
    rssMb = Math.max(rssMb, memoryOf(child.pid ?? 0).rssMb)
  }, 1000)
  await once(child, 'close')
  clearInterval(look)
  return {
    result: JSON.parse(Buffer.concat(parts).toString()) as T,
    cpu,
    rssMb,
    ...(cpuBefore ? { cpuBefore } : {}),
  }
}
