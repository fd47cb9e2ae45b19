import { Worker } from 'node:worker_threads'
import { RefusalError } from '../kit/pure/result.ts'
import type { Source } from './read/index.ts'
import type { Bytes, Outcome, ReadingJob, ReadingSaid, Task } from './reading-thread.ts'

/** What a workbook within its limits takes to be read; one that takes more is refused and takes nobody along. */
const memory = { maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 1536 }
/** Reading the head of a file, or all its sheets, takes seconds; a trial says itself how long it may take beside. */
const readingMs = 60_000
/** Starting the thread takes a second: whoever changes a mapping asks again and again. */
const idleMs = 60_000

type Asked = { readonly source: Source; done(outcome: Outcome): void; failed(error: Error): void }
type Thread = { readonly worker: Worker; readonly asked: Map<number, Asked>; idle: NodeJS.Timeout | undefined }
let thread: Thread | undefined
let jobs = 0

/**
 * Reads a file that waits for its mapping in a thread of its own; its bytes come from here, wherever they are kept. Refuses what
 * reading refuses, import.file-too-large (413) where it does not fit into memory, import.too-slow (422) after `ms`. Another file
 * that was being read in the same thread is read again.
 */
export async function readInThread(
  app: { readonly databaseUrl: string },
  given: Pick<ReadingJob, 'org' | 'now'>,
  source: Source,
  task: Task,
  ms = msOf(task),
): Promise<Outcome> {
  try {
    return await readOnce(app, given, source, task, ms)
  } catch (error) {
    if (error !== stopped) throw error
    return readOnce(app, given, source, task, ms)
  }
}

const msOf = (task: Task) => ('tried' in task ? readingMs + task.ms : readingMs)

async function readOnce(
  app: { readonly databaseUrl: string },
  given: Pick<ReadingJob, 'org' | 'now'>,
  source: Source,
  task: Task,
  ms: number,
): Promise<Outcome> {
  const at = (thread ??= start())
  clearTimeout(at.idle)
  jobs += 1
  const no = jobs
  const { name, size } = source
  let deadline: NodeJS.Timeout | undefined
  try {
    return await new Promise<Outcome>((done, failed) => {
      at.asked.set(no, { source, done, failed })
      deadline = setTimeout(() => giveUp(at, no), ms)
      at.worker.postMessage({ ...given, no, url: app.databaseUrl, file: { name, size }, task } satisfies ReadingJob)
    })
  } finally {
    clearTimeout(deadline)
    at.asked.delete(no)
    if (at.asked.size === 0 && at === thread) at.idle = setTimeout(() => end(at), idleMs).unref()
  }
}

/** A thread in the middle of something hears nobody: it is ended, and whoever else was in it begins again. */
function giveUp(at: Thread, no: number): void {
  at.asked.get(no)?.failed(new RefusalError({ code: 'import.too-slow', status: 422 }))
  at.asked.delete(no)
  for (const one of at.asked.values()) one.failed(stopped)
  end(at)
}

const stopped = new Error('the thread that reads files was ended for another file')

/** Starts the thread while a file is still on its way here. */
export function readySoon(): void {
  if (thread) return
  const at = start()
  thread = at
  at.idle = setTimeout(() => end(at), idleMs).unref()
}

function end(at: Thread): void {
  if (thread === at) thread = undefined
  void at.worker.terminate()
}

function start(): Thread {
  const worker = new Worker(new URL('./reading-thread.ts', import.meta.url), { resourceLimits: memory })
  // Nobody waits for it to end.
  worker.unref()
  const at: Thread = { worker, asked: new Map(), idle: undefined }
  const feed = feeding()
  const broken = (error: Error) => {
    if (thread === at) thread = undefined
    for (const one of at.asked.values()) one.failed(error)
  }
  worker.on('message', (said: ReadingSaid) => {
    const asked = at.asked.get(said.no)
    if ('close' in said) void feed.close(said.close)
    else if (!asked) return
    else if ('more' in said)
      void feed.next(asked.source, said.more).then((bytes) => worker.postMessage(bytes, moved(bytes)))
    else if ('done' in said) asked.done(said.done)
    else asked.failed('refused' in said ? new RefusalError(said.refused) : new Error(said.failed))
  })
  worker.once('error', (error) =>
    broken('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge() : error),
  )
  worker.once('exit', (code) => broken(new Error(`the thread that reads files ended with ${code}`)))
  return at
}

const tooLarge = () => new RefusalError({ code: 'import.file-too-large', status: 413 })
const moved = ({ chunk }: Bytes) => (chunk ? [chunk.buffer as ArrayBuffer] : [])

/** The bytes of files for whoever asks piece by piece; several may read one at the same time, each from its beginning. */
function feeding() {
  const open = new Map<string, AsyncIterator<Uint8Array>>()
  return {
    async next(source: Source, opening: string): Promise<Bytes> {
      try {
        const reading = open.get(opening) ?? (await source.open())[Symbol.asyncIterator]()
        open.set(opening, reading)
        const { value, done } = await reading.next()
        // A copy of its own: what is handed over is gone here, and small pieces share their memory with others.
        return { opening, chunk: done ? null : new Uint8Array(value) }
      } catch {
        return { opening, chunk: null, broken: true }
      }
    },
    async close(opening: string): Promise<void> {
      const reading = open.get(opening)
      open.delete(opening)
      await reading?.return?.().catch(() => undefined)
    },
  }
}
