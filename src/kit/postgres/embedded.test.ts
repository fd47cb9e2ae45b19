import { spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { adoptEmbedded, checkServer, type Embedded, removeEmbedded, startEmbedded } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'redress-launcher-'))
chmodSync(root, 0o711)
const dataDir = join(root, 'data', 'postgres')
const start = (more = {}) => startEmbedded({ dataDir, watch: false, ...more })

afterAll(async () => {
  await removeEmbedded(dataDir)
  await removeEmbedded(root)
})

describe('the embedded database', () => {
  test('is made at the first start and keeps its rows and its url over the next', async () => {
    const first = await start()
    await ask(first.url, 'CREATE TABLE complaint (id int); INSERT INTO complaint VALUES (1)')
    await first.stop()
    expect(await adoptEmbedded(dataDir)).toBeNull()
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await idsIn(second)).toEqual([1])
    await second.stop()
  })

  test('listens on the loopback and a socket in its own closed folder only, wants the password, and is UTF8 in the C locale', async () => {
    const server = await start()
    const wrong = server.url.replace(/:[^:@]+@/, ':wrong@')
    for (const url of [wrong, wrong.replace(/\?.*/, '')])
      await expect(ask(url, 'SELECT')).rejects.toThrow('password authentication failed')
    expect(await ask(server.url.replace(/\?.*/, ''), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    const [row] = await ask(
      server.url,
      `SELECT current_setting('listen_addresses') AS at, current_setting('unix_socket_directories') AS sockets,
         current_setting('server_encoding') AS encoding, datcollate FROM pg_database WHERE datname = current_database()`,
    )
    expect(row).toEqual({ at: '127.0.0.1', sockets: join(dataDir, 'cluster'), encoding: 'UTF8', datcollate: 'C' })
    await server.stop()
  })

  test('two programs starting at once share one server, and the last to stop ends it', async () => {
    const [one, two] = await Promise.all([start(), start()])
    expect([one.adopted, two.adopted].sort()).toEqual([false, true])
    expect(one.pid).toBe(two.pid)
    await one.stop()
    expect(await adoptEmbedded(dataDir)).toBe(two.url)
    await two.stop()
    expect(await adoptEmbedded(dataDir)).toBeNull()
  })

  test('a program killed with -9 leaves a server that the next start takes over', async () => {
    const pid = await startInChildAndKillIt()
    const next = await start()
    expect(next).toMatchObject({ adopted: true, pid })
    await next.stop()
    expect(await adoptEmbedded(dataDir)).toBeNull()
  })

  test('a server killed with -9 recovers every acknowledged row at the next start', async () => {
    const killed = await start()
    const acknowledged = await insertUntilKilled(killed)
    const next = await start()
    expect(next).toMatchObject({ adopted: false, url: killed.url })
    expect(await idsIn(next)).toEqual(expect.arrayContaining(acknowledged))
    expect(acknowledged.length).toBeGreaterThan(10)
    await next.stop()
    await killed.stop()
  })

  test('a server that dies under a running program is started again by it', async () => {
    const lines: string[] = []
    const server = await start({ watch: true, log: (line: string) => lines.push(line) })
    process.kill(server.pid, 'SIGKILL')
    await expect.poll(() => lines, { timeout: 20_000 }).toContain('PostgreSQL runs again')
    expect(await idsIn(server)).toContain(1)
    await server.stop()
  })

  test('a pid file naming another living program does not keep it from starting', async () => {
    await (await start()).stop()
    const pidFile = join(dataDir, 'cluster', 'postmaster.pid')
    writeFileSync(pidFile, `${process.pid}\n${dataDir}/cluster\n1\n5432\n\n127.0.0.1\n\nready\n`)
    const server = await start()
    expect(server.adopted).toBe(false)
    await server.stop()
  })

  test('a making that was interrupted is begun again', async () => {
    const other = join(root, 'interrupted')
    mkdirSync(join(other, 'cluster.new', 'base'), { recursive: true })
    const server = await startEmbedded({ dataDir: other, watch: false })
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await server.stop()
  })

  test('a moved folder keeps its database', async () => {
    const moved = join(root, 'moved')
    renameSync(dataDir, moved)
    const server = await startEmbedded({ dataDir: moved, watch: false })
    expect(await idsIn(server)).toContain(1)
    await server.stop()
    renameSync(moved, dataDir)
  })
})

describe.skipIf(process.getuid?.() !== 0)('started as root under a closed folder', () => {
  test('keeps the database in a system folder, says so once, and remembers it', async () => {
    const closed = join(root, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const lines: string[] = []
    const at = join(closed, 'data')
    const first = await startEmbedded({ dataDir: at, watch: false, log: (line) => lines.push(line) })
    expect(first.home).toMatch(/redress-[0-9a-f]{12}/)
    expect(lines[0]).toContain(first.home)
    await first.stop()
    chmodSync(closed, 0o755)
    const second = await startEmbedded({ dataDir: at, watch: false })
    expect(second.home).toBe(first.home)
    await second.stop()
    const copy = join(root, 'copy')
    cpSync(at, copy, { recursive: true })
    await expect(startEmbedded({ dataDir: copy, watch: false })).rejects.toThrow(`is a copy of ${at}`)
    await removeEmbedded(at)
    expect(existsSync(first.home)).toBe(false)
  })
})

describe('checkServer', () => {
  test('is content with the embedded server', async () => {
    const server = await start()
    await connected(server.url, checkServer)
    await server.stop()
  })

  test.each(['synchronous_commit', 'fsync', 'full_page_writes'])('refuses a server with %s off', async (name) => {
    const server = await start({ settings: { [name]: 'off' } })
    await connected(server.url, async (client) => {
      await expect(checkServer(client)).rejects.toThrow(`turn on ${name}`)
    })
    await server.stop()
  })

  test('refuses PostgreSQL 14', async () => {
    await expect(checkServer({ query: async () => ({ rows: [{ version: 14 }] }) })).rejects.toThrow('needs 15 or newer')
  })

  test('refuses a connection whose role switched synchronous_commit off', async () => {
    const server = await start()
    await connected(server.url, async (client) => {
      await client.query('SET synchronous_commit = off')
      await expect(checkServer(client)).rejects.toThrow('turn on synchronous_commit')
    })
    await server.stop()
  })
})

async function startInChildAndKillIt(): Promise<number> {
  const code = `import { startEmbedded } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} })
    console.log(server.pid)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = await new Promise<number>((answer) => child.stdout.once('data', (chunk: Buffer) => answer(Number(chunk))))
  child.kill('SIGKILL')
  await new Promise((gone) => child.once('exit', gone))
  return pid
}

/** Inserts ids one by one, kills the server meanwhile, and gives the ids whose insert was acknowledged. */
async function insertUntilKilled(server: Embedded): Promise<number[]> {
  const acknowledged: number[] = []
  const client = new pg.Client({ connectionString: server.url })
  client.on('error', () => {})
  await client.connect()
  const inserting = (async () => {
    for (let id = 1000; ; id++) {
      await client.query('INSERT INTO complaint VALUES ($1)', [id])
      acknowledged.push(id)
    }
  })().catch(() => {})
  while (acknowledged.length <= 50) await sleep(5)
  process.kill(server.pid, 'SIGKILL')
  // An orphaned backend may live on and acknowledge a little more: that counts too.
  await Promise.race([inserting, sleep(300)])
  await client.end().catch(() => {})
  return acknowledged
}

async function idsIn(server: Embedded): Promise<unknown[]> {
  return (await ask(server.url, 'SELECT id FROM complaint ORDER BY id')).map((row) => row.id)
}

function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return connected(url, async (client) => (await client.query(sql)).rows ?? [])
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
