import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import nodemailer from 'nodemailer'
import pg from 'pg'
import { openDatabase } from '../src/kit/db/database.ts'
import { newId } from '../src/kit/ids.ts'
import { removeEmbedded, startEmbedded } from '../src/kit/postgres/index.ts'
import { migrate } from '../src/migrate.ts'
import { chance } from './chance.ts'
import { furnish } from './house.ts'
import { smallMail } from './mail-read.ts'
import { cpuMs } from './program.ts'
import { print } from './report.ts'
import { bodies } from './words.ts'

const warm = 300
const count = 3_000
const clients = 8
const address = 'service@shop.example'

/**
 * The whole way of a small mail in the real program, on a database of its own: from the first byte by SMTP until every one is a
 * complaint. No mail answers another: a complaint of its own costs most.
 */
export async function mailIn(): Promise<void> {
  const dir = await mkdtemp(join(process.env.REDRESS_BENCH ?? tmpdir(), 'redress-bench-mail-'))
  const dataDir = join(dir, 'postgres')
  const server = await startEmbedded({ dataDir })
  let program: Running | undefined
  const client = new pg.Client({ connectionString: server.url })
  try {
    await migrate(server.url)
    await layHouse(server.url)
    program = await startOn(dir)
    await client.connect()
    const texts = bodies(warm + count, chance(7))
    const mails = texts.map(({ text }, i) => smallMail(i, text))
    await through(program.smtp, mails.slice(0, warm))
    await takenIn(client, warm)
    const before = { node: cpuMs(program.pid), database: cpuMs(server.pid) }
    const began = performance.now()
    await through(program.smtp, mails.slice(warm))
    const accepted = performance.now()
    const left = await takenIn(client, warm + count)
    const done = performance.now()
    const cpu = { node: cpuMs(program.pid) - before.node, database: cpuMs(server.pid) - before.database }
    const rate = Math.round(count / ((done - began) / 1_000))
    const line = { bench: 'mail-in', size: '', n: count }
    const each = (ms: number) => Math.round((ms / count) * 100) / 100
    print({
      ...line,
      what: 'accepted by SMTP while others are taken in',
      unit: 'mails/s',
      value: Math.round(count / ((accepted - began) / 1_000)),
      goal: '',
      ok: null,
    })
    print({
      ...line,
      what: 'from the first byte until each is a complaint',
      unit: 'mails/s',
      value: rate,
      goal: '≥ 150',
      ok: rate >= 150 && left === 0,
      note: `cpu ms a mail: program ${each(cpu.node)}, database ${each(cpu.database)}; ${left} not taken in; load of the machine ${loadavg()[0]?.toFixed(1)}`,
    })
    print({
      ...line,
      what: 'ceiling of two idle cores by processor time',
      unit: 'mails/s',
      value: Math.round(2_000 / each(cpu.node + cpu.database)),
      goal: '≥ 150',
      ok: null,
      note: 'whoever sends left out',
    })
  } finally {
    await client.end().catch(() => undefined)
    await program?.stop()
    await server.stop()
    await removeEmbedded(dataDir)
    await rm(dir, { recursive: true, force: true })
  }
}

/** An organisation with two teams and the mailbox. */
async function layHouse(databaseUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl, { max: 2 })
  const now = Date.now()
  const { org } = await furnish(db, now, { slug: 'bench', teams: 2, people: 6, passwordHash: 'none' })
  await db.withScope({ org }, async (tx) => {
    const id = newId(now)
    await tx.run(
      sql`insert into mailbox (org_id, id, address, name, locale, created_at) values (${org}, ${id}, ${address}, 'Service', 'zh-Hant', ${new Date(now)})`,
    )
    await tx.run(sql`select claim_mailbox_address(${id}, ${address})`)
  })
  await db.close()
}

type Running = { readonly pid: number; readonly smtp: number; stop(): Promise<void> }

async function startOn(dir: string): Promise<Running> {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [main, 'all', '--port', '0', '--empty'], {
    env: { ...process.env, REDRESS_DATA: dir, LOG_LEVEL: 'error', REDRESS_MAIL_LISTEN: '127.0.0.1:0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { stdout } = child
  if (!stdout) throw new Error('the program has no output')
  const smtp = await new Promise<number>((ready, failed) => {
    child.once('exit', (code) => failed(new Error(`the program ended with ${code} before it was ready`)))
    createInterface({ input: stdout }).on('line', (line) => {
      const port = /^\s+mail\s+\S+:(\d+)/.exec(line)?.[1]
      if (port) ready(Number(port))
    })
  })
  return {
    pid: child.pid ?? 0,
    smtp,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function through(port: number, mails: readonly Buffer[]): Promise<void> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    secure: false,
    ignoreTLS: true,
    pool: true,
    maxConnections: clients,
    maxMessages: Number.POSITIVE_INFINITY,
  })
  await Promise.all(
    mails.map((raw, i) => transport.sendMail({ envelope: { from: `mei${i}@example.com`, to: address }, raw })),
  )
  transport.close()
}

/** Waits until so many are complaints; gives how many are not after five minutes. */
async function takenIn(client: pg.Client, wanted: number): Promise<number> {
  const until = performance.now() + 300_000
  for (;;) {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from inbound_item where state = 'recorded'`,
    )
    const left = wanted - (rows[0]?.n ?? 0)
    if (left <= 0 || performance.now() > until) return Math.max(0, left)
    await new Promise((go) => setTimeout(go, 100))
  }
}
