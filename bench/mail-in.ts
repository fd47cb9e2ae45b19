import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDatabase } from '../src/kit/db/database.ts'
import { removeEmbedded, startEmbedded } from '../src/kit/postgres/index.ts'
import { migrate } from '../src/migrate.ts'
import { chance } from './chance.ts'
import { clients, layMailHouse, type Running, startMailProgram, takenIn, through } from './mail-house.ts'
import { smallMail } from './mail-read.ts'
import { cpuMs } from './program.ts'
import { print } from './report.ts'
import { countedStatements, counting, type Work, workOf } from './statements.ts'
import { bodies } from './words.ts'

const warm = 300
const count = 3_000
const address = 'service@shop.example'

/**
 * The whole way of a small mail in the real program, on a database of its own: from the first byte by SMTP until every one is a
 * complaint. No mail answers another: a complaint of its own costs most.
 */
export async function mailIn(): Promise<void> {
  const dir = await mkdtemp(join(process.env.REDRESS_BENCH ?? tmpdir(), 'redress-bench-mail-'))
  const dataDir = join(dir, 'postgres')
  const server = await startEmbedded({ dataDir, settings: counting })
  let program: Running | undefined
  const client = new pg.Client({ connectionString: server.url })
  try {
    await migrate(server.url)
    const db = openDatabase(server.url, { max: 2 })
    await layMailHouse(db, Date.now(), { slug: 'bench', address, passwordHash: 'none' })
    await db.close()
    program = await startMailProgram(dir)
    await client.connect()
    const texts = bodies(warm + count, chance(7))
    const mails = texts.map(({ text }, i) => smallMail(i, text))
    await through(program.smtp, address, mails.slice(0, warm))
    await takenIn(client, warm)
    // As the database does by itself within the first minute; until then it plans as if there were hardly a row.
    await client.query('analyze')
    const work = await countedStatements(client)
    const before = { node: cpuMs(program.pid), database: cpuMs(server.pid), sender: process.cpuUsage() }
    const began = performance.now()
    await through(program.smtp, address, mails.slice(warm))
    const accepted = performance.now()
    const left = await takenIn(client, warm + count)
    const done = performance.now()
    const used = process.cpuUsage(before.sender)
    const cpu = {
      node: cpuMs(program.pid) - before.node,
      database: cpuMs(server.pid) - before.database,
      sender: (used.user + used.system) / 1_000,
    }
    tell({
      accepted: accepted - began,
      done: done - began,
      left,
      cpu,
      work: workOf(await countedStatements(client), work),
    })
  } finally {
    await client.end().catch(() => undefined)
    await program?.stop()
    await server.stop()
    await removeEmbedded(dataDir)
    await rm(dir, { recursive: true, force: true })
  }
}

type Seen = {
  readonly accepted: number
  readonly done: number
  readonly left: number
  readonly cpu: { readonly node: number; readonly database: number; readonly sender: number }
  readonly work: Work
}

function tell({ accepted, done, left, cpu, work }: Seen): void {
  const line = { bench: 'mail-in', size: '', n: count, unit: 'mails/s' }
  const each = (n: number) => Math.round((n / count) * 100) / 100
  const rate = (ms: number) => Math.round(count / (ms / 1_000))
  const what = `accepted by SMTP over ${clients} connections while others are taken in`
  print({ ...line, what, value: rate(accepted), goal: '', ok: null })
  print({
    ...line,
    what: 'from the first byte until each is a complaint',
    value: rate(done),
    goal: '≥ 150',
    ok: rate(done) >= 150 && left === 0,
    note: `cpu ms a mail: program ${each(cpu.node)}, database ${each(cpu.database)}, sender ${each(cpu.sender)}; ${left} not taken in; load of the machine ${loadavg()[0]?.toFixed(1)}`,
  })
  print({
    ...line,
    what: 'work of the database a mail',
    unit: 'statements',
    value: each(work.statements),
    goal: '',
    ok: null,
    note: `transactions ${each(work.transactions)}, syncs of the log ${each(work.syncs)}, kB of log ${each(work.logBytes / 1_000)}`,
  })
  print({
    ...line,
    what: 'ceiling of two idle cores by processor time',
    value: Math.round(2_000 / each(cpu.node + cpu.database + cpu.sender)),
    goal: '≥ 150',
    ok: null,
    note: 'whoever sends included',
  })
}
