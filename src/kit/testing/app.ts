import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { readConfig } from '../config.ts'
import { freshDatabase } from './database.ts'

// Named at run time: the kit knows no slice, and the app is made of all of them.
const appModule = new URL('../../app.ts', import.meta.url)

/** The clock of a test: stands until moved. */
export type TestClock = { now: number; advance(ms: number): void }

/**
 * The whole app on a database of its own, without a port (`app.server.inject`). Time is the test's: it starts at `now`
 * (default Tuesday 2026-03-03 10:00 in Taipei) and moves only by `clock.advance`.
 */
export async function startApp<A extends { close(): Promise<void> }>(
  options: { env?: Record<string, string>; now?: number } = {},
): Promise<{ app: A; clock: TestClock; url: string; dataDir: string; stop(): Promise<void> }> {
  const database = await freshDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'redress-app-'))
  const clock: TestClock = {
    now: options.now ?? Date.parse('2026-03-03T02:00:00Z'),
    advance(ms) {
      this.now += ms
    },
  }
  const config = readConfig({
    REDRESS_DATA: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    REDRESS_RATE_PORTAL: '100000',
    ...options.env,
  })
  const { makeApp } = (await import(appModule.href)) as { makeApp(o: object): Promise<A> }
  const app = await makeApp({
    config,
    databaseUrl: database.url,
    log: pino({ level: 'silent' }),
    embedded: true,
    now: () => clock.now,
    poolSize: 6,
  })
  return {
    app,
    clock,
    url: database.url,
    dataDir,
    async stop() {
      await app.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
