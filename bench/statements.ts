import type pg from 'pg'

/** Settings of a database that counts what it is asked. */
export const counting: Readonly<Record<string, string>> = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'on',
  'pg_stat_statements.track_utility': 'on',
}

type Statement = {
  readonly query: string
  readonly calls: number
  readonly plans: number
  readonly planMs: number
  readonly execMs: number
}
export type Counted = {
  readonly statements: readonly Statement[]
  readonly transactions: number
  readonly syncs: number
  readonly logBytes: number
}
export type Work = Omit<Counted, 'statements'> & { readonly statements: number }

/** Everything the database was asked until now. */
export async function countedStatements(client: pg.Client): Promise<Counted> {
  await client.query('create extension if not exists pg_stat_statements')
  const statements = await client.query<Statement>(
    `select query, calls::int as calls, plans::int as plans, total_plan_time as "planMs", total_exec_time as "execMs" from pg_stat_statements`,
  )
  const { rows } = await client.query<Omit<Counted, 'statements'>>(
    `select (select xact_commit::int from pg_stat_database where datname = current_database()) as transactions, w.wal_bytes::float as "logBytes",
       (select coalesce(sum(fsyncs), 0)::int from pg_stat_io where object = 'wal') as syncs from pg_stat_wal w`,
  )
  return { statements: statements.rows, ...(rows[0] ?? { transactions: 0, syncs: 0, logBytes: 0 }) }
}

/** What was asked between the two; `REDRESS_BENCH_STATEMENTS=1` tells the costliest on standard error, with wall times. */
export function workOf(after: Counted, before: Counted): Work {
  const known = new Map(before.statements.map((s) => [s.query, s]))
  const rows = after.statements.map((s) => {
    const was = known.get(s.query)
    return {
      ...s,
      calls: s.calls - (was?.calls ?? 0),
      plans: s.plans - (was?.plans ?? 0),
      planMs: s.planMs - (was?.planMs ?? 0),
      execMs: s.execMs - (was?.execMs ?? 0),
    }
  })
  if (process.env.REDRESS_BENCH_STATEMENTS) {
    for (const s of rows.toSorted((a, b) => b.planMs + b.execMs - a.planMs - a.execMs).slice(0, 60))
      if (s.calls > 0)
        process.stderr.write(
          `${s.calls} calls, ${s.plans} plans, ${Math.round(s.planMs)} + run ${Math.round(s.execMs)} ms: ${s.query.replaceAll(/\s+/g, ' ').slice(0, 160)}\n`,
        )
  }
  return {
    statements: rows.reduce((n, s) => n + s.calls, 0),
    transactions: after.transactions - before.transactions,
    syncs: after.syncs - before.syncs,
    logBytes: after.logBytes - before.logBytes,
  }
}
