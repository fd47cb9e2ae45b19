import type { App } from '../app.ts'
import { verifyAll } from '../audit/index.ts'
import { newId } from '../kit/ids.ts'
import { startApp, type TestClock } from '../kit/testing/app.ts'
import { createOrganisation } from '../people/index.ts'
import { seedOrganisation } from '../seeds/index.ts'
import type { Mapping } from './domain/index.ts'
import { readHouse } from './house.ts'
import { look } from './plan.ts'
import type { Source } from './read/index.ts'
import { countRows } from './report.ts'
import { findableNext } from './findable.ts'
import { runImport } from './run.ts'
import { addRun, type RunRow, runOf } from './runs.ts'

/** For tests: an organisation that begins empty, and histories brought into it. */
export type ImportWorld = {
  readonly app: App
  readonly clock: TestClock
  readonly org: string
  readonly url: string
  readonly dataDir: string
  /** Brings in a file, or as much of it as `stopAfter` says before it is broken off, and makes it findable unless told otherwise. */
  bring(source: Source, mapping: Partial<Mapping>, stopAfter?: number, find?: boolean): Promise<RunRow>
  /** Makes what came in by it findable, as the worker does next. */
  find(run: string): Promise<void>
  resume(run: RunRow, source: Source): Promise<RunRow>
  rows<T>(sql: string, values?: unknown[]): Promise<T[]>
  /** Codes of everything the audit finds wrong. */
  wrong(): Promise<string[]>
  stop(): Promise<void>
}

export const textSource = (text: string, name = 'history.csv'): Source => ({
  name,
  size: Buffer.byteLength(text),
  open: async function* () {
    yield Buffer.from(text)
  },
})

export async function importWorld(): Promise<ImportWorld> {
  const { app, clock, url, dataDir, stop } = await startApp<App>()
  const given = {
    slug: 'harbour',
    name: { zhHant: '海港', zhHans: '海港', en: 'Harbour' },
    locale: 'zh-Hant',
    zone: 'Asia/Taipei',
  }
  const { orgId: org } = await createOrganisation(app.db, clock.now, given, async (tx, { orgId }) => {
    await seedOrganisation(tx, orgId, clock.now)
    return { orgId }
  })
  const read = (id: string) => app.db.withScope({ org }, async (tx) => (await runOf(tx, org, id)) as RunRow, 'read')
  const find = async (run: string) => {
    for (let left: number | null = 1; left; ) left = await findableNext(app, org, run)
  }
  const go = async (run: RunRow, source: Source, stopAfter = Infinity, findable = true) => {
    const house = await app.db.withScope({ org }, (tx) => readHouse(tx, org, clock.now), 'read')
    let done = 0
    await runImport(
      app,
      house,
      run,
      source,
      (p) => {
        done = p.done
      },
      () => done >= stopAfter,
    )
    if (findable) await find(run.id)
    return read(run.id)
  }
  return {
    app,
    clock,
    org,
    url,
    dataDir,
    bring: async (source, mapping, stopAfter, findable) => {
      const looked = await look(source, 'Asia/Taipei', mapping.format)
      const whole: Mapping = { ...looked.mapping, source: 'old', ...mapping }
      const id = newId(clock.now)
      const total = await countRows(source, looked.detected, whole)
      const run = {
        id,
        source: whole.source ?? 'old',
        fileName: source.name,
        blob: null,
        fileHash: '00',
        format: looked.detected,
        mapping: whole,
        total,
        staffId: null,
      }
      await app.db.withScope({ org }, (tx) => addRun(tx, org, run, clock.now))
      return go(await read(id), source, stopAfter, findable)
    },
    find,
    resume: go,
    rows: async <T>(text: string, values: unknown[] = []) => {
      const client = await app.systemDb.pool.connect()
      try {
        return (await client.query(text, values)).rows as T[]
      } finally {
        client.release()
      }
    },
    wrong: async () => (await verifyAll(app)).findings.map((f) => `${f.code} ${f.complaint ?? ''} ${f.what ?? ''}`),
    stop,
  }
}
