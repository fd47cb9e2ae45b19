import pg from 'pg'
import type { Logger as Log } from 'pino'

const sweepMs = 20_000
const answerMs = 5_000
const prefix = 'redress-worker:'

type Given = {
  readonly url: string
  readonly pool: pg.Pool
  readonly poolId: string
  /** The ids of the jobs this worker is at. */
  readonly running: ReadonlySet<string>
  readonly log: Log
}

/**
 * A killed worker leaves its jobs locked for four hours by the queue's own rule. So every worker holds a connection
 * named after itself, which the database ends when the process dies; what belongs to nobody in two sweeps is unlocked.
 * So is what the database gave to this worker while the line was dead, and what it never heard was done.
 */
export function watchForDead(given: Given): { stop(): Promise<void> } {
  const { log } = given
  const sign = openSign(given)
  let suspects = new Set<string>()
  let astray = new Set<string>()
  let stopped = false

  const sweep = async () => {
    await sign.show()
    const missing = await missingWorkers(given)
    await freeWorkers(given, both(missing, suspects))
    suspects = new Set(missing)
    const idle = await heldButIdle(given)
    await freeJobs(given, both(idle, astray))
    astray = new Set(idle)
  }
  const tick = () =>
    void sweep().catch((error: unknown) => stopped || log.warn({ err: error }, 'dead workers could not be looked for'))
  tick()
  const timer = setInterval(tick, sweepMs)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await sign.hide()
    },
  }
}

/** The connection that says this worker lives. Asked each time: the database may have lost it without our hearing of it. */
function openSign({ url, poolId }: Given): { show(): Promise<void>; hide(): Promise<void> } {
  let shown: pg.Client | undefined
  let hidden = false
  const end = async (client: pg.Client) => {
    if (shown === client) shown = undefined
    await client.end().catch(() => undefined)
  }
  const open = async () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: prefix + poolId,
      keepAlive: true,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
    })
    client.on('error', () => void end(client))
    await client.connect()
    shown = client
    if (hidden) await end(client)
  }
  return {
    async show() {
      const asked = shown
      if (asked) await asked.query('select 1').catch(() => end(asked))
      if (!shown) await open()
    },
    async hide() {
      hidden = true
      if (shown) await end(shown)
    },
  }
}

async function missingWorkers({ pool, poolId }: Given): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select distinct locked_by as id from graphile_worker._private_jobs where locked_by is not null
     except select substr(application_name, $1) from pg_stat_activity where application_name like $2`,
    [prefix.length + 1, `${prefix}%`],
  )
  return rows.map((r) => r.id).filter((id) => id !== poolId)
}

async function freeWorkers({ pool, log }: Given, dead: string[]): Promise<void> {
  if (dead.length === 0) return
  log.warn({ workers: dead.length }, 'freeing the jobs of workers that died')
  await pool.query('select graphile_worker.force_unlock_workers($1)', [dead])
}

async function heldButIdle({ pool, poolId, running }: Given): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select id::text from graphile_worker._private_jobs where locked_by = $1',
    [poolId],
  )
  return rows.map((r) => r.id).filter((id) => !running.has(id))
}

async function freeJobs({ pool, poolId, running, log }: Given, astray: string[]): Promise<void> {
  const idle = astray.filter((id) => !running.has(id))
  if (idle.length === 0) return
  log.warn({ jobs: idle.length }, 'freeing jobs that were lost on the way here')
  await pool.query(
    `update graphile_worker._private_jobs set locked_at = null, locked_by = null
     where locked_by = $1 and id = any($2::bigint[])`,
    [poolId, idle],
  )
}

function both(now: readonly string[], before: ReadonlySet<string>): string[] {
  return now.filter((id) => before.has(id))
}
