import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeEmbedded } from '../../src/kit/postgres/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const demoPassword = 'harbour-demo-2026'

export type Program = {
  readonly base: string
  readonly dataDir: string
  readonly process: () => ChildProcess
  printed(): string
  stop(signal?: NodeJS.Signals): Promise<number | null>
  start(): Promise<void>
  remove(): Promise<void>
  cli(...args: string[]): Promise<{ code: number | null; out: string }>
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** The real program in a folder of its own, as `npm start` runs it: embedded database, demo, web, worker. */
export async function startProgram(env: Record<string, string> = {}, args: readonly string[] = []): Promise<Program> {
  const dataDir = await mkdtemp(join(tmpdir(), 'redress-e2e-'))
  const port = await freePort()
  const variables = {
    ...process.env,
    REDRESS_DATA: dataDir,
    PORT: String(port),
    REDRESS_UNDO_SECONDS: '0',
    LOG_LEVEL: 'warn',
    REDRESS_RATE_PORTAL: '10000',
    REDRESS_RATE_SIGN_IN: '1000',
    REDRESS_MAIL_LISTEN: 'off',
    ...env,
  }
  let child: ChildProcess
  let said = ''
  const start = () =>
    new Promise<void>((ready, failed) => {
      said = ''
      child = spawn(process.execPath, [join(root, 'src/main.ts'), 'all', ...args], {
        cwd: root,
        env: variables,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const hear = (text: Buffer) => {
        said += text.toString()
        if (said.includes('Redress is ready')) ready()
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('exit', (code) => failed(new Error(`the program ended (${code}):\n${said}`)))
    })
  const stop = (signal: NodeJS.Signals = 'SIGTERM') =>
    new Promise<number | null>((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode)
      child.once('exit', (code) => done(code))
      child.kill(signal)
    })
  await start()
  return {
    base: `http://127.0.0.1:${port}`,
    dataDir,
    process: () => child,
    printed: () => said,
    start,
    stop,
    cli: (...args) =>
      new Promise((done) => {
        const run = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], {
          cwd: root,
          env: variables,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let out = ''
        run.stdout.on('data', (t: Buffer) => (out += t.toString()))
        run.stderr.on('data', (t: Buffer) => (out += t.toString()))
        run.once('exit', (code) => done({ code, out }))
      }),
    async remove() {
      await stop('SIGTERM')
      await removeEmbedded(join(dataDir, 'postgres')).catch(() => undefined)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
