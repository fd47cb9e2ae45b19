import { parentPort } from 'node:worker_threads'
import { openDatabase } from '../kit/db/database.ts'
import { type Refusal, RefusalError } from '../kit/pure/result.ts'
import type { Mapping } from './domain/index.ts'
import { readHouse } from './house.ts'
import { look, type Looked, type Understood, understand } from './plan.ts'
import type { Source } from './read/index.ts'
import { dryRun, type Report } from './report.ts'

/** What is read of a file that waits: how it looks, whether a mapping fits it, or what would come of it. */
export type Task =
  | { readonly look: Mapping['format'] }
  | { readonly understand: Mapping }
  | { readonly tried: Mapping; readonly rows: number; readonly ms: number }
export type ReadingJob = {
  readonly no: number
  readonly url: string
  readonly org: string
  readonly now: number
  readonly file: Pick<Source, 'name' | 'size'>
  readonly task: Task
}
/** The next bytes of an opening of the file; null at its end. */
export type Bytes = { readonly opening: string; readonly chunk: Uint8Array | null; readonly broken?: true }
export type Outcome = { readonly looked?: Looked; readonly understood?: Understood; readonly report?: Report }
/** `more`: the next bytes of an opening are asked for; `close`: it is not needed any more. */
export type ReadingSaid = { readonly no: number } & (
  | { readonly more: string }
  | { readonly close: string }
  | { readonly done: Outcome }
  | { readonly refused: Refusal }
  | { readonly failed: string }
)

// A thread of its own (read-in-thread.ts): a workbook is unpacked and read in one go, and nobody's request should wait for that.

const port = parentPort
if (!port) throw new Error('runs as a thread')
const say = (said: ReadingSaid) => port.postMessage(said)
const waiting = new Map<string, (bytes: Bytes) => void>()
let openings = 0

function sourceOf({ no, file }: ReadingJob): Source {
  const open = async function* () {
    openings += 1
    const opening = `${no} ${openings}`
    try {
      for (;;) {
        const got = new Promise<Bytes>((resolve) => waiting.set(opening, resolve))
        say({ no, more: opening })
        const { chunk, broken } = await got
        if (broken) throw new RefusalError({ code: 'import.file-broken', status: 422 })
        if (chunk === null) return
        yield chunk
      }
    } finally {
      say({ no, close: opening })
    }
  }
  return { ...file, open }
}

async function work(job: ReadingJob): Promise<Outcome> {
  const { url, org, now, task } = job
  const source = sourceOf(job)
  if ('understand' in task) return { understood: await understand(source, task.understand) }
  const db = openDatabase(url, { max: 1 })
  try {
    const house = await db.withScope({ org }, (tx) => readHouse(tx, org, now), 'read')
    if ('look' in task) return { looked: await look(source, house.org.zone, task.look) }
    const { mapping, detected } = await understand(source, task.tried)
    const until = { rows: task.rows, at: performance.now() + task.ms }
    return { report: await dryRun(db, house, source, detected, mapping, now, until) }
  } finally {
    await db.close()
  }
}

port.on('message', (message: ReadingJob | Bytes) => {
  if ('opening' in message) {
    const wake = waiting.get(message.opening)
    waiting.delete(message.opening)
    wake?.(message)
    return
  }
  const { no } = message
  work(message).then(
    (done) => say({ no, done }),
    (error: unknown) => {
      if (error instanceof RefusalError) say({ no, refused: error.refusal })
      else say({ no, failed: error instanceof Error ? (error.stack ?? error.message) : 'unknown' })
    },
  )
})
