import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Database, openDatabase } from '../src/kit/db/database.ts'
import { removeEmbedded, startEmbedded } from '../src/kit/postgres/index.ts'
import { keepMails, wakeTakeIn } from '../src/mail/keep.ts'
import { migrate } from '../src/migrate.ts'
import { hashPassword } from '../src/people/index.ts'
import { chance } from './chance.ts'
import { password } from './house.ts'
import { ask, quantiles } from './load.ts'
import { layMailHouse, type MailHouse, type Running, startMailProgram, through } from './mail-house.ts'
import { smallMail } from './mail-read.ts'
import { cpuMs, memoryOf } from './program.ts'
import { print } from './report.ts'
import { bodies } from './words.ts'

const sleep = (ms: number) => new Promise((go) => setTimeout(go, ms))
const goalMs = 1_000
const goalMb = 600

/**
 * So many mails wait in one organisation when the program starts. Until they are taken in, somebody of another one reads and
 * writes over the API, and it gets a mail every other second.
 */
export async function mailBacklog(size: number): Promise<void> {
  const dir = await mkdtemp(join(process.env.REDRESS_BENCH ?? tmpdir(), 'redress-bench-backlog-'))
  const dataDir = join(dir, 'postgres')
  const server = await startEmbedded({ dataDir })
  const client = new pg.Client({ connectionString: server.url })
  let program: Running | undefined
  try {
    await migrate(server.url)
    await client.connect()
    const db = openDatabase(server.url, { max: 4 })
    const passwordHash = await hashPassword(password)
    const flood = await layMailHouse(db, Date.now(), { slug: 'flood', address: 'care@flood.example', passwordHash })
    const live = await layMailHouse(db, Date.now(), { slug: 'live', address: 'care@live.example', passwordHash })
    await lay(db, flood, size)
    await client.query('analyze')
    program = await startMailProgram(dir)
    // The program had been running: its threads that read have begun.
    await through(program.smtp, live.address, [smallMail(9_999_999)])
    await settled(client, live)
    await wakeTakeIn({ db }, flood.org)
    await measured({ size, client, program, flood, live, database: server.pid })
    await db.close()
  } finally {
    await client.end().catch(() => undefined)
    await program?.stop()
    await server.stop()
    await removeEmbedded(dataDir)
    await rm(dir, { recursive: true, force: true })
  }
}

/** Keeps them as the listener does, a few hundred of them large. Two texts each, so that hardly any two are alike. */
async function lay(db: Database, { org, mailboxId, address }: MailHouse, size: number): Promise<void> {
  const texts = bodies(4_001, chance(11)).map((b) => b.text)
  const now = Date.now()
  const to = { mailboxIds: [mailboxId], rcptTo: [address] }
  const envelope = { via: 'smtp', mailFrom: 'someone@example.com', clientIp: '127.0.0.1', helo: 'bench' } as const
  for (let from = 0; from < size; from += 20) {
    const mails = Array.from({ length: Math.min(20, size - from) }, (_, k) => {
      const i = from + k
      const said = `${texts[i % texts.length]} ${texts[(i * 31 + Math.floor(i / texts.length) * 7 + 13) % texts.length]}`
      return { to, envelope, raw: smallMail(i, i % 500 === 499 ? `${said}\r\n`.repeat(400) : said), now }
    })
    await keepMails({ db }, org, mails)
    if (from % 20_000 === 0) process.stderr.write(`${from} of ${size} mails wait\n`)
  }
}

type Stage = {
  readonly size: number
  readonly client: pg.Client
  readonly program: Running
  readonly flood: MailHouse
  readonly live: MailHouse
  readonly database: number
}

async function measured({ size, client, program, flood, live, database }: Stage): Promise<void> {
  const began = performance.now()
  const cpu = { node: cpuMs(program.pid), database: cpuMs(database) }
  let over = false
  const desk = work(program.base, live, () => over)
  const mail = mails(client, program.smtp, live, () => over)
  const memory: number[] = []
  let left = size
  for (let last = began; left > 0 && performance.now() - began < size * 40 + 120_000; ) {
    await sleep(5_000)
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from inbound_mail where org_id = $1 and next_try_at is not null`,
      [flood.org],
    )
    const before = left
    left = rows[0]?.n ?? 0
    memory.push(memoryOf(program.pid).rssMb)
    const rate = Math.round((before - left) / ((performance.now() - last) / 1_000))
    last = performance.now()
    process.stderr.write(`${left} wait, ${rate}/s, ${memory.at(-1)} MB\n`)
  }
  const seconds = (performance.now() - began) / 1_000
  over = true
  const each = (ms: number) => Math.round((ms / size) * 100) / 100
  const line = { bench: 'mail-backlog', size: `${size / 1_000}k` }
  print({
    ...line,
    what: 'taken in of the backlog',
    unit: 'mails/s',
    value: Math.round((size - left) / seconds),
    n: size - left,
    goal: 'all',
    ok: left === 0,
    note: `cpu ms a mail: program ${each(cpuMs(program.pid) - cpu.node)}, database ${each(cpuMs(database) - cpu.database)}; load of the machine ${loadavg()[0]?.toFixed(1)}`,
  })
  for (const [what, times] of [...(await desk), ['a mail until it is a complaint', await mail] as const]) {
    const [p50, p95, p99] = quantiles([...times])
    print({
      ...line,
      what: `the other organisation meanwhile: ${what}`,
      unit: 'ms',
      p50,
      p95,
      p99,
      n: times.length,
      goal: `p95 ≤ ${goalMs}`,
      ok: p95 <= goalMs,
    })
  }
  const third = Math.ceil(memory.length / 3)
  const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  const most = Math.max(...memory)
  print({
    ...line,
    what: 'memory of the program at most',
    unit: 'MB',
    value: most,
    n: memory.length,
    goal: `≤ ${goalMb}`,
    ok: most <= goalMb,
    note: `middle of the first third ${middle(memory.slice(0, third))}, of the last ${middle(memory.slice(-third))}`,
  })
}

/** Lists, opens, answers and records, one after the other, a round every half second. */
async function work(base: string, { slug }: MailHouse, over: () => boolean): Promise<[string, number[]][]> {
  const signIn = async (mail: string) => {
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
    const reply = await fetch(`${base}/api/v1/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ mail, password }),
    })
    if (reply.status !== 200) throw new Error(`sign-in of ${mail}: ${reply.status} ${await reply.text()}`)
    return { cookie: (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'sec-fetch-site': 'same-origin' }
  }
  const [lead, intake] = [await signIn(`team_lead0@${slug}.test`), await signIn(`intake_operator0@${slug}.test`)]
  const times: Record<string, number[]> = { list: [], open: [], answer: [], record: [] }
  const timed = async (what: string, expect: number, asked: Parameters<typeof ask>[1]) => {
    const answer = await ask(base, asked)
    if (answer.status !== expect) throw new Error(`${what}: ${answer.status} ${answer.text.slice(0, 300)}`)
    times[what]?.push(answer.ms)
    return JSON.parse(answer.text)
  }
  const texts = bodies(2_000, chance(5)).map((b) => b.text)
  for (let i = 0; !over(); i += 1) {
    const body = {
      channel: 'phone',
      text: `${texts[i % texts.length]} ${i}`,
      complainant: { name: `王小明${i}`, phone: `09${String(10_000_000 + i)}` },
    }
    const { id } = await timed('record', 201, {
      path: '/api/v1/complaints',
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...intake, 'idempotency-key': `backlog-${i}` },
    })
    await timed('list', 200, { path: '/api/v1/complaints?open=true&sort=next&limit=50', headers: lead })
    const { complaint } = await timed('open', 200, { path: `/api/v1/complaints/${id}`, headers: lead })
    await timed('answer', 200, {
      path: `/api/v1/complaints/${id}/replies`,
      method: 'POST',
      body: JSON.stringify({ version: complaint.version, text: '我們看了，正在處理。', told: 'phone' }),
      headers: lead,
    })
    await sleep(500)
  }
  return Object.entries(times)
}

/** A mail every other second, timed from its first byte until it is a complaint. */
async function mails(client: pg.Client, port: number, live: MailHouse, over: () => boolean): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; !over(); i += 1) {
    const began = performance.now()
    await through(port, live.address, [
      smallMail(10_000_000 + i, `這是第 ${i} 封，請看看我的訂單怎麼了，${i * 7919} 號。`),
    ])
    await settled(client, live)
    times.push(performance.now() - began)
    await sleep(2_000)
  }
  return times
}

/** Until nothing waits there. */
async function settled(client: pg.Client, { org }: MailHouse): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      `select 1 from inbound_mail where org_id = $1 and next_try_at is not null limit 1`,
      [org],
    )
    if (rows.length === 0) return
    await sleep(20)
  }
}
