import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type Role = {
  readonly base: string
  readonly child: () => ChildProcess
  printed(): string
  /** Resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** One installation: what all of its processes are given. */
export type Installation = {
  run(role: 'serve' | 'work' | 'all', env?: Record<string, string>): Promise<Role>
  cli(...args: string[]): Promise<{ code: number | null; out: string }>
  /** Makes the organisation and its administrator, who may take complaints in; gives the session's cookie. */
  setUp(serve: Role): Promise<string>
  remove(): Promise<void>
}

/** `serve`, `work` and `all` as programs of their own over one outside database. */
export async function installation(databaseUrl: string, env: Record<string, string> = {}): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'redress-roles-'))
  const running = new Set<Role>()
  const variables = {
    ...process.env,
    REDRESS_DATA: dataDir,
    REDRESS_SECRET: randomBytes(32).toString('hex'),
    DATABASE_URL: databaseUrl,
    REDRESS_UNDO_SECONDS: '0',
    LOG_LEVEL: 'warn',
    ...env,
  }
  const start = (args: string[], more: Record<string, string> = {}) =>
    spawn(process.execPath, [join(root, 'src/main.ts'), ...args], {
      cwd: root,
      env: { ...variables, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return {
    async run(name, more) {
      const child = start([name, ...(name === 'work' ? [] : ['--empty'])], { PORT: '0', ...more })
      let said = ''
      const hear = (text: Buffer) => {
        said += text.toString()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      if (name !== 'work')
        await until(
          () => said.includes('Redress is ready'),
          child,
          () => said,
        )
      const role: Role = {
        base: `http://127.0.0.1:${/is ready: \S+:(\d+)\//.exec(said)?.[1]}`,
        child: () => child,
        printed: () => said,
        stop: (signal = 'SIGTERM') => ended(child, signal).finally(() => running.delete(role)),
      }
      running.add(role)
      if (name !== 'work')
        await until(
          () => said.includes('Redress is ready'),
          child,
          () => said,
        )
      return role
    },
    async cli(...args) {
      const child = start(args)
      let out = ''
      child.stdout.on('data', (t: Buffer) => (out += t.toString()))
      child.stderr.on('data', (t: Buffer) => (out += t.toString()))
      return new Promise((done) => child.once('close', (code) => done({ code, out })))
    },
    setUp: (serve) => setUp(serve),
    async remove() {
      await Promise.all([...running].map((role) => role.stop('SIGKILL')))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode)
    child.once('exit', (code) => done(code))
    child.kill(signal)
  })
}

async function until(test: () => boolean, child: ChildProcess, said: () => string): Promise<void> {
  const end = performance.now() + 60_000
  while (!test()) {
    if (child.exitCode !== null) throw new Error(`the program ended (${child.exitCode}):\n${said()}`)
    if (performance.now() > end) throw new Error(`the program did not become ready:\n${said()}`)
    await new Promise((r) => setTimeout(r, 25))
  }
}

async function setUp(serve: Role): Promise<string> {
  const printed = () => /setup\?token=(\S+)\n/.exec(serve.printed())?.[1] ?? ''
  await until(() => printed() !== '', serve.child(), serve.printed)
  const token = printed()
  const reply = await fetch(`${serve.base}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: serve.base },
    body: JSON.stringify({
      token,
      organisation: {
        name: { zhHant: '港灣', zhHans: '港湾', en: 'Harbour' },
        slug: 'harbour',
        locale: 'en',
        zone: 'Asia/Taipei',
      },
      name: 'Ada',
      mail: 'ada@harbour.example',
      password: 'a long enough pass phrase',
    }),
  })
  if (reply.status !== 201) throw new Error(`no organisation (${reply.status}): ${await reply.text()}`)
  return String(reply.headers.get('set-cookie')).split(';')[0] ?? ''
}
