import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adoptEmbedded } from '../../src/kit/postgres/index.ts'
import { demoPassword, type Program, startProgram } from '../e2e/program.ts'
import { openLedger, ready } from './ledger.ts'

// F01, F03, F29: the program and its PostgreSQL are killed under load. What was acknowledged is there exactly once, what was
// not is there at most once, nobody has to mend anything, and the history verifies.

let program: Program
let cookie = ''
const ledger = openLedger(() => ({ base: program.base, cookie }))

beforeAll(async () => {
  program = await startProgram()
  const reply = await fetch(`${program.base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: program.base },
    body: JSON.stringify({ mail: 'yating@harbour.example', password: demoPassword }),
  })
  cookie = String(reply.headers.get('set-cookie')).split(';')[0] ?? ''
}, 180_000)
afterAll(() => program?.remove(), 60_000)

describe('killed under load', () => {
  it('the program by SIGKILL: acknowledged complaints are there once (F01)', async () => {
    let over = false
    const running = ledger.load('f01', () => over)
    await new Promise((r) => setTimeout(r, 1_200))
    await program.stop('SIGKILL')
    over = true
    await running
    await program.start()
    await ready(program.base)
    await ledger.retryAll()
  }, 120_000)

  it('its PostgreSQL by SIGKILL: the program answers 503 and comes back by itself (F03)', async () => {
    const before = await adoptEmbedded(join(program.dataDir, 'postgres'))
    expect(before).not.toBeNull()
    const postmaster = await postmasterOf(before ?? '')
    let over = false
    const running = ledger.load('f03', () => over)
    await new Promise((r) => setTimeout(r, 800))
    process.kill(postmaster, 'SIGKILL')
    await new Promise((r) => setTimeout(r, 3_000))
    await ready(program.base)
    over = true
    const answers = await running
    expect(answers.map((a) => a.status).filter((s) => ![201, 503, 0].includes(s))).toEqual([])
    await ledger.retryAll()
  }, 120_000)

  it('the program by SIGTERM: drains, ends with 0, loses nothing (F29)', async () => {
    let over = false
    const running = ledger.load('f29', () => over)
    await new Promise((r) => setTimeout(r, 600))
    const code = await program.stop('SIGTERM')
    over = true
    await running
    expect(code).toBe(0)
    await program.start()
    await ready(program.base)
    await ledger.retryAll()
  }, 120_000)

  it('and then everything verifies', async () => {
    const { code, out } = await program.cli('verify')
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Nothing wrong') })
  }, 120_000)
})

/** The parent of the checkpointer is the postmaster, wherever the launcher keeps its folder. */
async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  )
  await client.end()
  const status = readFileSync(`/proc/${rows[0]?.pid}/status`, 'utf8')
  return Number(/PPid:\s+(\d+)/.exec(status)?.[1])
}
