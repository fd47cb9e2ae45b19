import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import nodemailer from 'nodemailer'
import type pg from 'pg'
import type { Database } from '../src/kit/db/database.ts'
import { newId } from '../src/kit/ids.ts'
import { furnish, type House } from './house.ts'
import { heap } from './program.ts'

export const clients = 8

export type MailHouse = House & { readonly address: string; readonly mailboxId: string }

/** An organisation with two teams and a mailbox of this address. */
export async function layMailHouse(
  db: Database,
  now: number,
  { slug, address, passwordHash }: { readonly slug: string; readonly address: string; readonly passwordHash: string },
): Promise<MailHouse> {
  const house = await furnish(db, now, { slug, teams: 2, people: 6, passwordHash })
  const { org } = house
  const mailboxId = newId(now)
  await db.withScope({ org }, async (tx) => {
    await tx.run(
      sql`insert into mailbox (org_id, id, address, name, locale, created_at) values (${org}, ${mailboxId}, ${address}, 'Service', 'zh-Hant', ${new Date(now)})`,
    )
    await tx.run(sql`select claim_mailbox_address(${mailboxId}, ${address})`)
  })
  return { ...house, address, mailboxId }
}

export type Running = { readonly pid: number; readonly base: string; readonly smtp: number; stop(): Promise<void> }

/** The real program on this folder, with a mail listener; `REDRESS_BENCH_NODE` gives it further arguments (`--cpu-prof`). */
export async function startMailProgram(dir: string): Promise<Running> {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const more = (process.env.REDRESS_BENCH_NODE ?? '').split(' ').filter(Boolean)
  const child: ChildProcess = spawn(process.execPath, [...heap, ...more, main, 'all', '--port', '0', '--empty'], {
    env: {
      ...process.env,
      REDRESS_DATA: dir,
      LOG_LEVEL: 'error',
      REDRESS_MAIL_LISTEN: '127.0.0.1:0',
      REDRESS_RATE_API: '1000000',
      REDRESS_RATE_SIGN_IN: '1000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { stdout } = child
  if (!stdout) throw new Error('the program has no output')
  let base = ''
  const smtp = await new Promise<number>((ready, failed) => {
    child.once('exit', (code) => failed(new Error(`the program ended with ${code} before it was ready`)))
    createInterface({ input: stdout }).on('line', (line) => {
      base = /ready: (http:\/\/[^/]+)/.exec(line)?.[1] ?? base
      const port = /^\s+mail\s+\S+:(\d+)/.exec(line)?.[1]
      if (port) ready(Number(port))
    })
  })
  return {
    pid: child.pid ?? 0,
    base,
    smtp,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Sends them over a few connections; done when each is accepted. */
export async function through(port: number, address: string, mails: readonly Buffer[]): Promise<void> {
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
export async function takenIn(client: pg.Client, wanted: number): Promise<number> {
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
