import { Worker } from 'node:worker_threads'
import { ok, type Result, refuse } from '../../kit/pure/result.ts'
import type { ReadMail } from '../domain/mail.ts'
import { type ReadContext, type Resolver, standardLimits } from './context.ts'
import type { FromWorker, ToWorker } from './messages.ts'

export type ReaderOptions = {
  /** Threads (default 2). They begin with the first mail. */
  readonly workers?: number
  /** Milliseconds one mail may take (default 5,000); then its thread is ended. */
  readonly readMs?: number
  /** Megabytes of heap a thread may use (default 256). */
  readonly heapMb?: number
  /** Mails waiting for a thread; one more is refused as `mail.busy` (default 100). */
  readonly waiting?: number
}

/** Reads mails of strangers in threads of their own: what hangs or crashes one costs that mail alone. */
export type Reader = {
  /** The read mail, or why not (`MailProblem`). Never throws for what a mail holds. */
  read(raw: Uint8Array, context?: ReadContext, whose?: Whose): Promise<Result<ReadMail>>
  /** Ends the threads; mails being read are `mail.worker-died`. */
  close(): Promise<void>
}

/** Whose a mail is: threads are shared out fairly between them. A read that was given up before it begins is `mail.busy`. */
export type Whose = { readonly of: string; readonly signal?: AbortSignal }

type Job = {
  readonly raw: Uint8Array
  readonly context: ReadContext
  readonly whose: Whose
  readonly done: (result: Result<ReadMail>) => void
}
type Thread = { worker: Worker; job: Job | null; since: number; timer: NodeJS.Timeout | undefined; ready: boolean }

/** Loading the parser is not the mail's fault. */
const startMs = 30_000

/** Whoever has a mail that takes longer leaves the last free thread to others. */
const slowMs = 250

/** A thread that has read so many bytes at once is begun anew: its memory comes back at once, not when somebody tidies. */
const renewing = 8 * 1024 * 1024

/** Opens a pool of reading threads. */
export function openReader({ workers = 2, readMs = 5_000, heapMb = 256, waiting = 100 }: ReaderOptions = {}): Reader {
  const threads = new Set<Thread>()
  const queue: Job[] = []
  /** When it was whose turn last, by `count`. */
  const served = new Map<string, number>()
  let count = 0
  let closed = false

  function start(): Thread {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
      stdin: false,
      execArgv: [],
    })
    const thread: Thread = { worker, job: null, since: 0, timer: undefined, ready: false }
    threads.add(thread)
    worker.unref()
    worker.on('message', (message: FromWorker) => hear(thread, message))
    // An error is always followed by the exit.
    worker.on('error', () => undefined)
    worker.on('exit', () => end(thread, 'mail.worker-died'))
    return thread
  }

  function hear(thread: Thread, message: FromWorker): void {
    if (message.kind === 'ready') {
      thread.ready = true
      if (thread.job) limit(thread, readMs)
    } else if (message.kind === 'ask') void answer(thread, message.id, message.domain, message.type)
    else finish(thread, message.kind === 'mail' ? ok(message.mail) : { ok: false, refusal: message.problem })
  }

  async function answer(thread: Thread, id: number, domain: string, type: string): Promise<void> {
    const resolver: Resolver | undefined = thread.job?.context.resolver
    const reply: ToWorker = await Promise.resolve()
      .then(() => resolver?.(domain, type))
      .then(
        (records) => ({ kind: 'answer' as const, id, records }),
        (error: unknown) => ({ kind: 'answer' as const, id, code: codeOf(error) }),
      )
    thread.worker.postMessage(reply)
  }

  function give(thread: Thread, job: Job): void {
    thread.job = job
    thread.since = performance.now()
    thread.worker.ref()
    const { resolver, ...context } = job.context
    count += 1
    thread.worker.postMessage({
      kind: 'read',
      id: count,
      raw: job.raw,
      context,
      resolves: resolver !== undefined,
    } satisfies ToWorker)
    limit(thread, thread.ready ? readMs : startMs)
  }

  function limit(thread: Thread, ms: number): void {
    clearTimeout(thread.timer)
    thread.timer = setTimeout(() => {
      end(thread, 'mail.too-slow')
      void thread.worker.terminate()
    }, ms)
  }

  function finish(thread: Thread, result: Result<ReadMail>): void {
    clearTimeout(thread.timer)
    const { job } = thread
    thread.job = null
    thread.worker.unref()
    if (job && job.raw.length > renewing && threads.delete(thread)) void thread.worker.terminate()
    job?.done(result)
    next()
  }

  /** The thread is gone, or will be; the next mail gets a new one. */
  function end(thread: Thread, code: string): void {
    if (!threads.delete(thread)) return
    finish(thread, refuse(code))
  }

  function next(): void {
    if (closed) return
    dropGivenUp()
    for (;;) {
      const idle = [...threads].find((t) => t.job === null)
      const room = idle !== undefined || threads.size < workers
      const job = room ? pick() : undefined
      if (!job) return
      queue.splice(queue.indexOf(job), 1)
      give(idle ?? start(), job)
      if (queue.length === 0) served.clear()
      else served.set(job.whose.of, count)
    }
  }

  /** Of whoever has the fewest being read, in turn, the oldest mail; none where the last free thread is for others. */
  function pick(): Job | undefined {
    const busy = [...threads].filter((t) => t.job !== null)
    const full = workers > 1 && busy.length >= workers - 1
    const under = new Map<string, number>()
    for (const { job, since } of busy) {
      const of = job?.whose.of ?? ''
      const slow = full && performance.now() - since > slowMs
      under.set(of, (under.get(of) ?? 0) + (slow ? Number.POSITIVE_INFINITY : 1))
    }
    let best: { job: Job; now: number; last: number } | undefined
    for (const job of queue) {
      const now = under.get(job.whose.of) ?? 0
      const one = { job, now, last: served.get(job.whose.of) ?? 0 }
      if (now === Number.POSITIVE_INFINITY) continue
      if (!best || now < best.now || (now === best.now && one.last < best.last)) best = one
    }
    return best?.job
  }

  function dropGivenUp(): void {
    for (const job of queue.filter((j) => j.whose.signal?.aborted)) {
      queue.splice(queue.indexOf(job), 1)
      job.done(refuse('mail.busy', undefined, 503))
    }
  }

  return {
    read(raw, context = {}, whose = { of: '' }) {
      const most = context.limits?.bytes ?? standardLimits.bytes
      if (raw.length > most) return Promise.resolve(refuse('mail.too-large', { bytes: raw.length, most }))
      dropGivenUp()
      if (closed || queue.length >= waiting) return Promise.resolve(refuse('mail.busy', undefined, 503))
      return new Promise((done) => {
        queue.push({ raw, context, whose, done })
        next()
      })
    },
    async close() {
      closed = true
      for (const job of queue.splice(0)) job.done(refuse('mail.busy', undefined, 503))
      const all = [...threads]
      for (const thread of all) end(thread, 'mail.worker-died')
      await Promise.all(all.map((t) => t.worker.terminate()))
    },
  }
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EUNKNOWN'
