import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Embedded, removeEmbedded, startEmbedded } from '../../src/kit/postgres/index.ts'
import { type Answer, ask, openLedger, ready, statusOf } from './ledger.ts'
import { followLive, type Live } from './live.ts'
import { type Installation, installation, type Role } from './roles.ts'

// F04: the database stands still, and then is away, much longer than a request may wait, while complaints come in and people
// read. Nobody hangs, nobody is told of a defect, and it all comes back by itself.

/** The limit of one statement, shortened; finding a connection may take as long again. */
const limitSeconds = 1
/** No answer may take longer: connection, statement and the machine's own slowness. */
const noLongerMs = 15_000

let folder: string
let postgres: Embedded
let redress: Installation
let program: Role
let cookie: string
let live: Live
const ledger = openLedger(() => ({ base: program.base, cookie }))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-frozen-'))
  postgres = await startEmbedded({ dataDir: join(folder, 'postgres'), watch: false })
  redress = await installation(postgres.url, { REDRESS_DATABASE_SECONDS: String(limitSeconds) })
  program = await redress.run('all')
  cookie = await redress.setUp(program)
  live = followLive(program.base, cookie)
}, 120_000)
afterAll(async () => {
  live?.close()
  await redress?.remove()
  await removeEmbedded(join(folder, 'postgres'))
  await rm(folder, { recursive: true, force: true })
}, 60_000)

describe('the database', () => {
  it('is frozen: every request is told 503 in time, and all goes on when it thaws', async () => {
    await underLoad('frozen', {
      begin: async () => freeze(postgres.pid),
      end: async () => signal(family(postgres.pid), 'SIGCONT'),
    })
  }, 120_000)

  it('is down: the same', async () => {
    await underLoad('down', {
      begin: () => postgres.stop(),
      end: async () => {
        postgres = await startEmbedded({ dataDir: join(folder, 'postgres'), watch: false })
      },
    })
  }, 120_000)

  it('and then everything verifies', async () => {
    const { code, out } = await redress.cli('verify')
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Nothing wrong') })
    expect(program.child().exitCode).toBeNull()
  }, 60_000)
})

/** Writes and reads before, in and after the fault; in it until every writer has been refused twice. */
async function underLoad(name: string, fault: { begin(): Promise<void>; end(): Promise<void> }): Promise<void> {
  let over = false
  const running = ledger.load(name, () => over)
  const acknowledged = () => [...ledger.noted].filter(([key, id]) => key.startsWith(name) && id).length
  await expect.poll(acknowledged, { timeout: 30_000 }).toBeGreaterThan(8)
  await fault.begin()
  const reads = readers(() => over)
  await expect.poll(() => statusOf(`${program.base}/readyz`), { timeout: 30_000 }).toBe(503)
  expect(await statusOf(`${program.base}/livez`)).toBe(200)
  await expect.poll(() => reads.refused(), { timeout: 60_000 }).toBeGreaterThan(3)
  expect(await statusOf(`${program.base}/livez`)).toBe(200)
  expect(await statusOf(`${program.base}/readyz`)).toBe(503)
  await fault.end()
  await ready(program.base)
  const before = acknowledged()
  await expect.poll(acknowledged, { timeout: 30_000 }).toBeGreaterThan(before)
  over = true
  inTime(await running)
  inTime(await reads.ended)
  await ledger.retryAll()
  const ids = [...ledger.noted.values()]
  await expect.poll(() => ids.filter((id) => !live.told.includes(id ?? '')), { timeout: 30_000 }).toEqual([])
}

/** Signed-in reading: the list of open complaints, as the desk asks for it. */
function readers(until: () => boolean): { refused(): number; readonly ended: Promise<Answer[]> } {
  const answers: Answer[] = []
  const read = async () => {
    while (!until()) {
      answers.push(await ask({ base: program.base, cookie }, '/api/v1/complaints?limit=20'))
      await new Promise((r) => setTimeout(r, 50))
    }
  }
  const ended = Promise.all([read(), read()]).then(() => answers)
  return { refused: () => answers.filter((a) => a.status === 503).length, ended }
}

function inTime(answers: readonly Answer[]): void {
  const wrong = answers.filter(
    ({ status, code, ms }) =>
      ms > noLongerMs || !(status === 200 || status === 201 || (status === 503 && code === 'server.unavailable')),
  )
  expect(wrong).toEqual([])
}

/** The postmaster first, so that it has no further children. */
function freeze(postmaster: number): void {
  signal([postmaster], 'SIGSTOP')
  signal(family(postmaster), 'SIGSTOP')
}

/** A postmaster and its children. */
function family(postmaster: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === postmaster)
  return [postmaster, ...children.map(Number)]
}

function parentOf(pid: string): number {
  try {
    return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // A backend may have ended meanwhile.
    }
  }
}
