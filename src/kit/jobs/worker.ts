import { EventEmitter } from 'node:events'
import { Logger, parseCronItems, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Logger as Log } from 'pino'
import { watchForDead } from './dead-workers.ts'
import { endQueuePool, queuePool } from './queue-pool.ts'

/** What a job does. It may run twice, so that twice must be as good as once. A throw is tried again with growing pauses. */
export type Task = (payload: unknown) => Promise<void>
export type Tasks = Readonly<Record<string, Task>>
/** A task that runs by the clock: `cron` in UTC, `minute hour day month weekday`. */
export type Schedule = { readonly task: string; readonly cron: string }

export type WorkerOptions = {
  /** Of the migrations' owner: the job tables have row-level security that would bind any other role. */
  readonly url: string
  readonly tasks: Tasks
  readonly schedules?: readonly Schedule[]
  readonly concurrency?: number
  readonly pollMs?: number
  /** How long the queue waits for an answer of the database before it connects anew. */
  readonly patienceMs?: number
  readonly log: Log
}

export type Worker = {
  /** Takes no new jobs and waits for those that run; after five seconds they are given back for another worker. */
  stop(): Promise<void>
}

/** Runs jobs until stopped. Jobs of a killed worker are free for others within a minute. */
export async function runWorker(options: WorkerOptions): Promise<Worker> {
  const { url, tasks, schedules = [], concurrency = 4, pollMs = 1_000, patienceMs = 20_000, log } = options
  const pool = queuePool({ url, max: concurrency + 3, patienceMs, log })
  const events: WorkerEvents = new EventEmitter()
  const running = new Set<string>()
  events.on('job:start', ({ job }) => running.add(String(job.id)))
  events.on('job:complete', ({ job }) => running.delete(String(job.id)))
  const poolId = new Promise<string>((found) => events.once('pool:create', ({ workerPool }) => found(workerPool.id)))
  const runner = await run({
    pgPool: pool,
    taskList: taskList(tasks),
    parsedCronItems: parseCronItems(schedules.map(({ task, cron }) => ({ task, match: cron, identifier: task }))),
    concurrency,
    pollInterval: pollMs,
    noHandleSignals: true,
    events,
    logger: new Logger(() => (level, message, meta) => tell(log, level, message, meta)),
  })
  runner.promise.catch((error: unknown) => log.error({ err: error }, 'the worker ended'))
  const watch = watchForDead({ url, pool, poolId: await poolId, running, log })
  return {
    async stop() {
      await watch.stop()
      await runner.stop()
      await endQueuePool(pool)
    },
  }
}

function taskList(tasks: Tasks): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, async (payload: unknown) => void (await task(payload))]),
  )
}

function tell(log: Log, level: string, message: string, meta: unknown): void {
  const said = level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug'
  // Of the job only its name and errors: payloads are not for the log.
  const error = typeof meta === 'object' && meta !== null && 'error' in meta ? meta.error : undefined
  log[said](error ? { err: error } : {}, message)
}
