import { parentPort, workerData } from 'node:worker_threads'
import { numberBlocks } from '../complaints/index.ts'
import { directoryStore } from '../kit/blobs/directory-store.ts'
import { postgresStore } from '../kit/blobs/postgres-store.ts'
import { openDatabase } from '../kit/db/database.ts'
import { readHouse } from './house.ts'
import { findableNext, type PassedOver } from './findable.ts'
import { openFolder } from './files-folder.ts'
import { type FileKeeper, folderKeeper, noFiles } from './keep-files.ts'
import { fileSource, type Source } from './read/index.ts'
import { countRows } from './report.ts'
import { openPace } from './pace.ts'
import { type Progress, runImport } from './run.ts'
import { failRun, runOf, type RunRow, setRun } from './runs.ts'
import type { Counts } from './batch.ts'

/** What the thread is given: the database, the keys its rows need, and which run of which file; no file: what came in is made findable. */
export type ThreadJob = {
  readonly url: string
  readonly org: string
  readonly run: string
  readonly path: string | null
  /** Where the files it tells of lie, where the bytes of files are kept (null: in the database), and how many one may have. */
  readonly files?: { readonly folder: string; readonly blobs: string | null; readonly maxBytes: number } | undefined
  readonly keys: Readonly<Record<string, Uint8Array>>
}
export type ThreadSaid =
  | { readonly progress: Progress }
  | { readonly wake: string }
  | { readonly left: number }
  | { readonly passedOver: PassedOver }
  | { readonly ended: (Counts & { done: number }) | null }

/** Runs as a thread of its own (in-thread.ts), so that nobody's request waits for the hashes of a hundred thousand rows. */
const { url, org, run, path, keys, files } = workerData as ThreadJob
const say = (said: ThreadSaid) => parentPort?.postMessage(said)
const db = openDatabase(url, { max: 3, statementTimeoutMs: 120_000 })
const systemDb = openDatabase(url, { role: 'redress_system', max: 2 })
let stopped = false
parentPort?.on('message', () => {
  stopped = true
})
parentPort?.unref()
const secrets = new Map(Object.entries(keys).map(([purpose, key]) => [purpose, Buffer.from(key)]))
const app = {
  db,
  systemDb,
  now: Date.now,
  wake: (one: string) => say({ wake: one }),
  numbers: numberBlocks(systemDb, Date.now),
  subkey: (purpose: string) => {
    const key = secrets.get(purpose)
    if (!key) throw new Error(`no key for ${purpose}`)
    return key
  },
}
async function findAll(): Promise<void> {
  const pace = openPace(systemDb)
  const next = () => findableNext(app, org, run, (passedOver) => say({ passedOver }))
  for (let left = await next(); left !== null; left = await next()) {
    say({ left })
    if (left === 0 || stopped) return
    await pace()
  }
}

async function keeper(): Promise<FileKeeper> {
  if (!files) return noFiles
  const blobs = (orgId: string) =>
    files.blobs === null
      ? postgresStore({ orgId, withClient: (fn) => db.withScope({ org: orgId }, ({ client }) => fn(client)) })
      : directoryStore({ root: files.blobs, orgId })
  return folderKeeper({ db, blobs, now: Date.now }, org, await openFolder(files.folder), files.maxBytes)
}

/** How many rows there are, for the time left; what cannot be read to its end does not begin at all. */
async function count(source: Source, { format, mapping }: RunRow): Promise<void> {
  try {
    const total = await countRows(source, format, mapping)
    await db.withScope({ org }, (tx) => setRun(tx, org, run, { total }))
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 500) : 'unknown'
    await db.withScope({ org }, (tx) => failRun(tx, org, run, reason, Date.now()))
    throw error
  }
}

async function bringAll(from: string): Promise<void> {
  const { house, row } = await db.withScope(
    { org },
    async (tx) => ({ house: await readHouse(tx, org, Date.now()), row: await runOf(tx, org, run) }),
    'read',
  )
  if (!row) throw new Error(`run ${run} is gone`)
  const source = await fileSource(from)
  if (row.total === null) await count(source, row)
  say({
    ended: await runImport(
      app,
      house,
      row,
      source,
      (progress) => say({ progress }),
      () => stopped,
      await keeper(),
    ),
  })
}

try {
  await (path === null ? findAll() : bringAll(path))
} finally {
  await db.close()
  await systemDb.close()
}
