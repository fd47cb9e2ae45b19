import { statfs } from 'node:fs/promises'
import pg from 'pg'
import packageFile from '../../package.json' with { type: 'json' }
import type { Config } from '../kit/config.ts'
import type { Schedule } from '../kit/jobs/worker.ts'
import type { HealthCheck, HealthState, readHealth } from './contract.ts'
import type { ReplyOf } from '../kit/contract/endpoint.ts'
import { type Fetched, judgeFetching } from './health-fetching.ts'
import { patience, ranKey } from './health-jobs.ts'
import { pendingMigrations } from './pending.ts'

export type HealthApp = { readonly config: Config; readonly databaseUrl: string; readonly now: () => number }
type Reply = ReplyOf<typeof readHealth>
export type Judged = Pick<HealthCheck, 'state' | 'as' | 'facts'>
type Patient = {
  readonly client: pg.Client
  readonly org: string
  readonly now: number
  readonly config: Config
  readonly jobs: Reply['jobs']
}

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
/** When this process began. */
const begun = performance.timeOrigin

/**
 * Looks at what an administrator can put right: the installation's machinery, and the organisation's own queues. Each check
 * stands alone; one that cannot be made is `bad` and names the error's kind. No case content.
 */
export async function healthOf(app: HealthApp, org: string, schedules: readonly Schedule[]): Promise<Reply> {
  const now = app.now()
  const client = new pg.Client({
    connectionString: app.databaseUrl,
    application_name: 'redress health',
    statement_timeout: 5_000,
    connectionTimeoutMillis: 5_000,
  })
  await client.connect()
  try {
    const jobs = await jobsOf(client, schedules, now)
    const patient = { client, org, now, config: app.config, jobs }
    const found: HealthCheck[] = []
    for (const [name, check] of Object.entries(checks) as [HealthCheck['name'], Check][]) {
      const judged = await check(patient).catch(
        (error: unknown): Judged => ({
          state: 'bad',
          as: 'failed',
          facts: { error: error instanceof Error ? error.name : 'unknown' },
        }),
      )
      found.push({ name, ...judged })
    }
    const at = (ms: number) => new Date(ms).toISOString()
    return {
      at: at(now),
      version: packageFile.version,
      node: process.versions.node,
      since: at(begun),
      checks: found,
      jobs,
    }
  } finally {
    await client.end()
  }
}

type Check = (patient: Patient) => Promise<Judged>
const is = (state: HealthState, facts: Judged['facts'] = {}, as: string = state): Judged => ({ state, as, facts })

const checks: Readonly<Record<HealthCheck['name'], Check>> = {
  database: async ({ client }) => {
    const before = performance.now()
    const { version, size } = await one<{ version: string; size: number }>(
      client,
      `select current_setting('server_version') as version, pg_database_size(current_database())::float8 as size`,
    )
    const ms = Math.round(performance.now() - before)
    return is(ms > 1_000 ? 'warn' : 'good', { version, size: sizeOf(size), ms })
  },
  migrations: async ({ client }) => {
    const pending = await pendingMigrations(client)
    const { n } = await one<{ n: number }>(client, 'select count(*)::int as n from meta.migration')
    return is(pending.length === 0 ? 'good' : 'bad', { applied: n, pending: pending.length })
  },
  worker: async ({ jobs }) => {
    const worst = jobs.some((j) => j.state === 'bad') ? 'bad' : jobs.some((j) => j.state === 'warn') ? 'warn' : 'good'
    const late = jobs.filter((j) => j.state !== 'good').length
    if (jobs.every((j) => j.at === null)) return is('warn', {}, 'never')
    return is(worst, { late, jobs: jobs.length })
  },
  queue: async ({ client }) => {
    const q = await one<{ waiting: number; oldest: number; dead: number }>(
      client,
      `select waiting::int, round(oldest_seconds)::int as oldest, dead::int from job_measures()`,
    )
    const minutes = Math.round(q.oldest / 60)
    if (q.oldest > 600) return is('bad', { ...q, minutes })
    return q.dead > 0 ? is('warn', { ...q, minutes }, 'dead') : is(q.oldest > 120 ? 'warn' : 'good', { ...q, minutes })
  },
  outbox: async ({ client, org, now }) => {
    const o = await one<{ failed: number; waiting: number; late: number }>(
      client,
      // Each by its own small index: the table keeps all that was ever sent.
      `select (select count(*)::int from outbox where org_id = $1 and state = 'failed') as failed, count(*)::int as waiting,
        count(*) filter (where not_before < $2)::int as late from outbox where org_id = $1 and state in ('waiting', 'sending')`,
      [org, new Date(now - hour)],
    )
    return o.failed > 0 ? is('warn', o, 'failed') : is(o.late > 0 ? 'warn' : 'good', o)
  },
  fetching: async ({ client, org, now }) => {
    const { rows } = await client.query<Fetched>(
      `select m.address, s.began_at as "beganAt", s.looked_at as "lookedAt", s.failing_since as "failingSince", s.problem
        from mailbox m join imap_state s on s.org_id = m.org_id and s.mailbox_id = m.id
        where m.org_id = $1 and m.comes_by = 'imap' and not m.off order by m.created_at, m.id`,
      [org],
    )
    return judgeFetching(rows, now)
  },
  parked: async ({ client, org }) => {
    const p = await one<{ n: number }>(
      client,
      `select count(*)::int as n from inbound_item where org_id = $1 and state = 'parked'`,
      [org],
    )
    return is(p.n > 0 ? 'warn' : 'good', p)
  },
  overdue: async ({ client, org, now }) => {
    const o = await one<{ unnoticed: number; overdue: number }>(
      client,
      `select (select count(*)::int from clock where org_id = $1 and state = 'running' and due_at < $2) as unnoticed,
        (select count(*)::int from complaint where org_id = $1 and open and next_due_at < $3) as overdue`,
      [org, new Date(now - 5 * minute), new Date(now)],
    )
    return is(o.unnoticed > 0 ? 'bad' : 'good', o)
  },
  backup: async ({ client, now }) => {
    const last = await setting<{ at: string }>(client, 'last-backup')
    if (!last) return is('warn', {}, 'never')
    const age = now - Date.parse(last.at)
    return is(age > 7 * day ? 'bad' : age > 26 * hour ? 'warn' : 'good', { at: last.at })
  },
  verify: async ({ client, now }) => {
    const runs = [
      await setting<{ ok: boolean; at: string }>(client, 'last-verify'),
      await setting<{ ok: boolean; at: string }>(client, 'last-nightly-verify'),
    ].filter((run) => run !== undefined)
    const newest = runs.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0]
    if (!newest) return is('warn', {}, 'never')
    if (runs.some((run) => !run.ok)) return is('bad', { at: newest.at })
    return is(now - Date.parse(newest.at) > 50 * hour ? 'warn' : 'good', { at: newest.at })
  },
  disk: async ({ config }) => {
    const { blocks, bavail, bsize } = await statfs(config.dataDir)
    const used = Math.round((1 - bavail / blocks) * 100)
    const facts = { used, size: sizeOf(bavail * bsize) }
    // An outside database keeps rows and files on a disk that is not seen from here.
    return is(used >= 90 ? 'bad' : used >= 80 ? 'warn' : 'good', facts, config.databaseUrl ? 'outside' : undefined)
  },
  calendars: async ({ client, org, now }) => {
    const next = new Date(now).getUTCFullYear() + 1
    const { rows } = await client.query<{ key: string }>(
      `select c.key from (select distinct on (key) key, definition from calendar where org_id = $1 and key in (select calendar_key from team where org_id = $1 and retired_at is null union select calendar_key from place where org_id = $1)
          order by key, version desc) c
        where not coalesce((c.definition->>'noHolidays')::boolean, false) and not coalesce(c.definition->'holidayYears', '[]') @> to_jsonb($2::int) order by 1`,
      [org, next],
    )
    const facts = { year: next, count: rows.length, keys: rows.map((r) => r.key).join(', ') }
    // In the last weeks of a year dates of the next one are being promised every day.
    const near = new Date(now).getUTCMonth() >= 10
    return is(rows.length === 0 ? 'good' : near ? 'bad' : 'warn', facts)
  },
  totp: async ({ client, org }) => {
    const s = await one<{ all: number; without: number }>(
      client,
      `select count(*)::int as all, count(*) filter (where not exists (select from auth.two_factor f where f.user_id = s.user_id and f.confirmed_at is not null))::int as without
        from staff s where s.org_id = $1 and s.active and s.user_id is not null`,
      [org],
    )
    return is(s.without === 0 ? 'good' : 'warn', s)
  },
}

async function jobsOf(client: pg.Client, schedules: readonly Schedule[], now: number): Promise<Reply['jobs']> {
  const { rows } = await client.query<{ key: string; at: string }>(
    `select key, value->>'at' as at from meta.setting where key = any ($1)`,
    [schedules.map((s) => ranKey(s.task))],
  )
  return schedules.map(({ task, cron }) => {
    const at = rows.find((r) => r.key === ranKey(task))?.at ?? null
    const { warn, bad } = patience(cron)
    // A program that has just begun has not run its nightly work yet.
    const age = now - (at === null ? begun : Date.parse(at))
    return { task, at, state: age > bad ? 'bad' : age > warn ? 'warn' : 'good' }
  })
}

const sizeOf = (bytes: number) =>
  bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.round((bytes / 2 ** 30) * 10) / 10} GB`

async function one<T extends pg.QueryResultRow>(client: pg.Client, query: string, values: unknown[] = []): Promise<T> {
  const { rows } = await client.query<T>(query, values)
  if (!rows[0]) throw new Error('the database gave no row')
  return rows[0]
}

async function setting<T>(client: pg.Client, key: string): Promise<T | undefined> {
  const { rows } = await client.query<{ value: T }>('select value from meta.setting where key = $1', [key])
  return rows[0]?.value
}
