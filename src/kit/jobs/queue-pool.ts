import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger as Log } from 'pino'
import { isUnavailable } from '../db/database.ts'
import { endWhenSilent } from '../db/silence.ts'

/**
 * The queue's connections. It forgets to catch what goes wrong when it notes a job as done, unless the error is one it tries
 * again: so every loss of the database is made one, or it would end this process.
 */
export function queuePool(given: { url: string; max: number; patienceMs: number; log: Log }): pg.Pool {
  const { url, max, patienceMs, log } = given
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'redress-jobs',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: patienceMs,
  })
  pool.on('error', (error) => log.warn({ err: error }, 'the worker lost a database connection'))
  pool.on('connect', (client) => {
    // A client checked out when the server goes away emits its own error; the queue's retries deal with it.
    client.on('error', () => undefined)
    endWhenSilent(client, patienceMs)
    Object.assign(client, { query: retryable(client.query.bind(client) as Ask) })
  })
  return Object.assign(pool, { connect: retryable(pool.connect.bind(pool) as Ask) })
}

/** Ends the pool once what was asked is answered: the queue does not wait for its own last word on a job. */
export async function endQueuePool(pool: pg.Pool, within = 5_000): Promise<void> {
  const until = performance.now() + within
  while (pool.waitingCount + pool.totalCount - pool.idleCount > 0 && performance.now() < until) await sleep(10)
  await pool.end()
}

type Ask = (...given: unknown[]) => unknown

function retryable(ask: Ask): Ask {
  return (...given) => {
    const answer = ask(...given)
    return answer instanceof Promise ? answer.catch(rethrow) : answer
  }
}

/** ETIMEDOUT is a code the queue tries again upon. */
function rethrow(error: unknown): never {
  if (!isUnavailable(error)) throw error
  const message = error instanceof Error ? error.message : String(error)
  throw Object.assign(new Error(message, { cause: error }), { code: 'ETIMEDOUT' })
}
