import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { type Batch, type Counts, noCounts, nothingFresh, prepare, type ReadRow, RunTaken, write } from './batch.ts'
import type { House } from './house.ts'
import { bringFiles, type FileKeeper, noFiles } from './keep-files.ts'
import { openPace } from './pace.ts'
import { type Reading, readingOf } from './plan.ts'
import type { Source } from './read/index.ts'
import { beginRun, endRun, type RunRow } from './runs.ts'

export type ImportApp = Pick<Services, 'db' | 'subkey' | 'numbers' | 'now' | 'wake'> & { readonly systemDb: Database }
export type Progress = {
  readonly done: number
  readonly total: number | null
  readonly perSecond: number
  readonly leftMs: number | null
} & Counts

/** Rows a transaction: enough to be fast, few enough that nobody waits behind it. The first ones soon show that it goes, and what plans are made for. */
const [firstRows, batchRows] = [200, 1000]

/**
 * Brings in the rest of a run. Each batch is one transaction that also says how far the run is; while one is written the next is
 * made. `told` is called after every batch; `stop` ends it between two. Gives what became of the rows, or null when the run
 * is somebody else's. `files` brings along what rows tell of.
 */
export async function runImport(
  app: ImportApp,
  house: House,
  run: RunRow,
  source: Source,
  told: (progress: Progress) => void = () => undefined,
  stop: () => boolean = () => false,
  files: FileKeeper = noFiles,
): Promise<(Counts & { done: number }) | null> {
  const org = house.org.id
  const now = app.now()
  if (!(await app.db.withScope({ org }, (tx) => beginRun(tx, org, run.id, now)))) return null
  const read = readingOf(source, run.format, run.mapping, house, now)
  const reading = { ...read, rows: bringFiles(read.rows, run.done, house.org.locale, files) }
  try {
    const counts = await bring(app, house, run, reading, told, stop)
    await forgetSeal(app.systemDb, org)
    const state = stop() ? 'stopped' : 'done'
    await app.db.withScope({ org }, (tx) => endRun(tx, org, run.id, state, app.now()))
    app.wake(org)
    return counts
  } catch (error) {
    // Stopped on the screen: what came in stays, and somebody may go on with it.
    if (error instanceof RunTaken) return null
    const reason = error instanceof Error ? error.message.slice(0, 500) : 'unknown'
    await app.db.withScope({ org }, (tx) => endRun(tx, org, run.id, 'failed', app.now(), reason)).catch(() => undefined)
    throw error
  }
}

async function bring(
  app: ImportApp,
  house: House,
  run: RunRow,
  reading: Reading,
  told: (progress: Progress) => void,
  stop: () => boolean,
) {
  const org = house.org.id
  const before = { id: run.id, source: run.source, now: app.now() }
  const { imported, known, changed, bad, flawed, files, filesLeft } = run
  const counts = { imported, known, changed, bad, flawed, files, filesLeft }
  const started = performance.now()
  let done = run.done
  let writing: Promise<void> = Promise.resolve()
  let fresh = nothingFresh
  const pace = openPace(app.systemDb)
  const look = statistics(app.systemDb)
  for await (const rows of batches(reading.rows, run.done)) {
    if (stop()) break
    await pace()
    await look(counts.imported)
    const at = performance.now()
    const batch = await prepare(app, house, before, rows, fresh)
    await writing
    const from = done
    done = batch.last
    fresh = batch.fresh
    writing = write(app.db, org, before, batch, from, performance.now() - at, app.now()).then(() => {
      add(counts, batch.counts)
      app.wake(org)
      told(progressOf(counts, batch.last, run, started))
    })
    writing.catch(() => undefined)
  }
  await writing
  return { ...counts, done }
}

/** New statistics after the first batch, and whenever there is four times as much as then. */
function statistics(systemDb: Database): (imported: number) => Promise<void> {
  let next = 1
  return async (imported) => {
    if (imported < next) return
    next = imported * 4
    await systemDb.withoutScope((tx) => tx.run(sql`select fresh_statistics(${imported})`))
  }
}

function add(counts: Counts, more: Counts): void {
  for (const name of Object.keys(noCounts()) as (keyof Counts)[]) counts[name] += more[name]
}

function progressOf(counts: Counts, done: number, run: RunRow, started: number): Progress {
  const perSecond = ((done - run.done) / Math.max(1, performance.now() - started)) * 1000
  const left = run.total === null ? null : Math.max(0, run.total - done)
  return {
    ...counts,
    done,
    total: run.total,
    perSecond: Math.round(perSecond),
    leftMs: left === null || perSecond === 0 ? null : Math.round((left / perSecond) * 1000),
  }
}

async function* batches(rows: AsyncGenerator<ReadRow>, behind: number): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = []
  let size = 0
  let most = firstRows
  for await (const row of rows) {
    if (row.no <= behind) continue
    batch.push(row)
    size += sizeOf(row)
    if (batch.length < most && size < 2_000_000) continue
    yield batch
    most = batchRows
    batch = []
    size = 0
  }
  if (batch.length > 0) yield batch
}
const sizeOf = ({ told }: ReadRow) =>
  told ? told.text.length + told.answer.length + told.messages.reduce((n, m) => n + m.text.length, 0) : 100

/** Nobody was told of each complaint by the stream: the next checkpoint compares all heads instead of trusting it. */
async function forgetSeal(systemDb: Database, org: string): Promise<void> {
  await systemDb.withoutScope((tx) =>
    tx.run(sql`update meta.setting set value = '{"xid": "0", "at": 0}' where key = ${`checkpoint-cursor:${org}`}`),
  )
}
export type { Batch }
