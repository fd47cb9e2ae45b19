import pg from 'pg'
import type { Logger as Log } from 'pino'

const sweepMs = 20_000
const prefix = 'redress-worker:'

/**
 * A killed worker leaves its jobs locked for four hours by the queue's own rule. So every worker holds a connection
 * named after itself, which the database ends when the process dies; what belongs to nobody in two sweeps is unlocked.
 */
export function watchForDead(given: { url: string; pool: pg.Pool; poolId: string; log: Log }): {
  stop(): Promise<void>
} {
  const { url, pool, poolId, log } = given
  let suspects = new Set<string>()
  let sign: pg.Client | undefined
  let stopped = false

  const showSign = async () => {
    const client = new pg.Client({ connectionString: url, application_name: prefix + poolId, keepAlive: true })
    client.on('error', () => {
      if (sign === client) sign = undefined
    })
    await client.connect()
    sign = client
    if (stopped) await client.end()
  }
  const sweep = async () => {
    if (!sign) await showSign()
    const { rows } = await pool.query<{ id: string }>(
      `select distinct locked_by as id from graphile_worker._private_jobs where locked_by is not null
       except select substr(application_name, $1) from pg_stat_activity where application_name like $2`,
      [prefix.length + 1, `${prefix}%`],
    )
    const missing = rows.map((r) => r.id).filter((id) => id !== poolId)
    const dead = missing.filter((id) => suspects.has(id))
    suspects = new Set(missing)
    if (dead.length === 0) return
    log.warn({ workers: dead.length }, 'freeing the jobs of workers that died')
    await pool.query('select graphile_worker.force_unlock_workers($1)', [dead])
  }
  const tick = () =>
    void sweep().catch((error: unknown) => stopped || log.warn({ err: error }, 'dead workers could not be looked for'))
  tick()
  const timer = setInterval(tick, sweepMs)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await sign?.end().catch(() => undefined)
    },
  }
}
