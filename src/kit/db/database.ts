import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely'
import pg from 'pg'
import { gatheringSocket } from './gather.ts'
import { endWhenSilent } from './silence.ts'

// Instants are epoch milliseconds in code and timestamptz in the database; 'infinity' is a sort key for "no date".
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (v) => {
  if (v === 'infinity') return Infinity
  // Our connections are in UTC: nearly every instant ends so.
  if (v.endsWith('+00')) return Date.parse(`${v.slice(0, 10)}T${v.slice(11, -3)}Z`)
  return Date.parse(v.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
})
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** One transaction, in one scope. Statements are kysely `sql` templates, so values are always parameters. */
export type Tx = {
  /** All rows. `name` prepares the statement once a connection: for point reads only, never for lists and search (generic plans). */
  rows<T>(query: RawBuilder<T>, name?: string): Promise<T[]>
  /** The first row, if any. */
  first<T>(query: RawBuilder<T>, name?: string): Promise<T | undefined>
  /** Runs; gives the number of rows touched. */
  run(query: RawBuilder<unknown>, name?: string): Promise<number>
  /**
   * Sends a statement whose answer nobody needs before COMMIT: it travels with what follows instead of waiting a round trip.
   * Like any that fails, awaited or not: COMMIT does not happen and the transaction's promise rejects with its error.
   */
  send(query: RawBuilder<unknown>, name?: string): void
  readonly client: pg.PoolClient
}

/** Who acts, as the database sees it. `scope`: which complaints the roles reach. */
export type Scope = {
  readonly org: string
  readonly staff?: string | undefined
  readonly teams?: readonly string[]
  readonly chain?: readonly string[]
  readonly scope?: 'organisation' | 'team' | 'tasks' | 'none'
}

export type Database = {
  /** A transaction in one organisation as one actor: the only way to its tables. Serialization and deadlock failures are retried twice. */
  withScope<T>(scope: Scope, work: (tx: Tx) => Promise<T>, mode?: Mode): Promise<T>
  /** Look-ups before the organisation is known, through SECURITY DEFINER functions only: RLS shows no tenant row here. */
  withoutScope<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  readonly pool: pg.Pool
  close(): Promise<void>
}

/**
 * `read`: of one moment, and nothing is written. `points`: writes, by statements whose plan does for all values: planning anew
 * for each cost up to a fifth of an intake.
 */
export type Mode = 'read' | 'write' | 'points'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function literal(id: string): string {
  if (!uuid.test(id)) throw new Error('a scope takes uuids only')
  return id
}

// A read is of one moment, however many statements it takes.
function beginSql(s: Scope, mode: Mode): string {
  const teams = `{${(s.teams ?? []).map(literal).join(',')}}`
  const chain = `{${(s.chain ?? (s.staff ? [s.staff] : [])).map(literal).join(',')}}`
  const staff = s.staff ? literal(s.staff) : ''
  return (
    `begin ${mode === 'read' ? 'isolation level repeatable read read only' : ''}; set local app.org = '${literal(s.org)}'; set local app.staff = '${staff}'; ` +
    `set local app.teams = '${teams}'; set local app.chain = '${chain}'; set local app.scope = '${s.scope ?? 'none'}'` +
    (mode === 'points' ? '; set local plan_cache_mode = force_generic_plan' : '')
  )
}

/** What a transaction asked for that is not answered yet, or was refused; whether it may still ask; and what could not even be sent. */
type Asked = { readonly answers: Set<Promise<unknown>>; over: boolean; unsendable?: unknown }

function ask<T>(asked: Asked, answer: Promise<T>): Promise<T> {
  asked.answers.add(answer)
  answer.then(
    () => asked.answers.delete(answer),
    () => undefined,
  )
  return answer
}

function txOn(client: pg.PoolClient, asked: Asked): Tx {
  const query = <T>(raw: RawBuilder<T>, name?: string) => {
    if (asked.over) return quiet(Promise.reject(new OverError()))
    const { sql, parameters } = raw.compile(compiler)
    let text: { text: string; values: unknown[] }
    try {
      text = { text: sql, values: parameters.map(sendable) }
    } catch (error) {
      asked.unsendable ??= error
      return quiet(Promise.reject(error as Error))
    }
    return ask(asked, client.query(name ? { name, ...text } : text))
  }
  return {
    get client() {
      if (asked.over) throw new OverError()
      return client
    },
    rows: <T>(raw: RawBuilder<T>, name?: string) => quiet(query(raw, name).then((found) => found.rows as T[])),
    first: <T>(raw: RawBuilder<T>, name?: string) =>
      quiet(query(raw, name).then((found) => found.rows[0] as T | undefined)),
    run: (raw, name) => quiet(query(raw, name).then((found) => found.rowCount ?? 0)),
    send: (raw, name) => {
      if (asked.over) throw new OverError()
      void query(raw, name)
    },
  }
}

/**
 * A value as it can be sent. Made here and not by the driver, which does it when the statement's turn comes: COMMIT would then
 * stand in line behind a statement that never goes out.
 */
function sendable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value
  return Array.isArray(value) ? value.map(sendable) : JSON.stringify(value)
}

/** A statement after the end would run on a connection that may be somebody else's by then. */
class OverError extends Error {
  constructor() {
    super('the transaction is over')
  }
}

/** A promise that is awaited later, or never: its failure fails the transaction, and is nobody's surprise. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/**
 * Opens a pool whose every connection acts as `role`. Connecting, statements and locks are bounded on both sides of the line, so
 * that no request hangs on a database that is sick, frozen or unreachable.
 */
export function openDatabase(
  url: string,
  options: {
    role?: 'redress_app' | 'redress_system'
    max?: number
    statementTimeoutMs?: number
    onError?: (error: Error) => void
  } = {},
): Database {
  const role = options.role ?? 'redress_app'
  const statementMs = options.statementTimeoutMs ?? 15_000
  const shortMs = Math.min(5_000, statementMs)
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 12,
    connectionTimeoutMillis: shortMs,
    idleTimeoutMillis: 60_000,
    // Statements do not wait for the answer of the one before; each still has its own error, and its own place in line.
    pipeline: true,
    stream: gatheringSocket,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'redress',
    options: `-c role=${role} -c statement_timeout=${statementMs} -c lock_timeout=${shortMs} -c idle_in_transaction_session_timeout=${statementMs + 5_000} -c timezone=UTC -c datestyle=ISO`,
  })
  // Without a handler a server restart would end this process.
  pool.on('error', (error) => options.onError?.(error))
  // The server's own limit comes first, and says more.
  pool.on('connect', (client) => endWhenSilent(client, statementMs + 1_000))

  const transaction = async <T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken = error
    }
    client.on('error', onError)
    const asked: Asked = { answers: new Set(), over: false }
    // Should BEGIN fail, what follows meets row-level security without a scope, and finds nothing.
    const begun = quiet(ask(asked, client.query(begin)))
    try {
      const value = await work(txOn(client, asked))
      asked.over = true
      if (asked.unsendable !== undefined) throw asked.unsendable
      const committed = quiet(client.query('commit'))
      for (const answer of asked.answers) await answer
      if ((await committed).command !== 'COMMIT') throw new Error('the transaction had failed before COMMIT')
      return value
    } catch (error) {
      asked.over = true
      await client.query('rollback').catch((e: Error) => {
        broken = e
      })
      throw await causeOf(error, asked.answers, begun)
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }
  const retrying = async <T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await transaction(begin, work)
      } catch (error) {
        if (attempt >= 2 || !isRetryable(error)) throw error
      }
    }
  }
  return {
    pool,
    withScope: (scope, work, mode = 'write') => retrying(beginSql(scope, mode), work),
    withoutScope: (work) => retrying('begin', work),
    close: () => pool.end(),
  }
}

/**
 * The first failure in line is the one to tell: what the database says of later statements, or nothing found when BEGIN had
 * failed, only follows from it. What the work threw for a reason of its own stays.
 */
async function causeOf(error: unknown, asked: Iterable<Promise<unknown>>, begun: Promise<unknown>): Promise<unknown> {
  const followed = error instanceof pg.DatabaseError
  const first = (await Promise.allSettled(followed ? asked : [begun])).find((one) => one.status === 'rejected')
  return first ? first.reason : error
}

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Two transactions in each other's way: nothing was written, so the work may run again. */
function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(error) ?? '')
}

/** The database is away, starting, full or out of connections: the caller should say 503 and try again. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error)
  if (state) return /^(08|53|57P0|25P03|58)/.test(state) || state === '55P03' || state === '57014'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : ''
  // Nobody there to connect to, be it a port, a host or a socket's path.
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : ''
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true
  return (
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code) ||
    /Connection terminated|Connection ended|not queryable|connection timeout|timeout exceeded when trying to connect/i.test(
      message,
    )
  )
}

/** Refuses to go on when row-level security would not bind this pool's role. */
export async function assertWalls(db: Database): Promise<void> {
  const { rows } = await db.pool.query<{ role: string; loose: boolean; open: number }>(
    `select current_user as role, r.rolsuper or r.rolbypassrls as loose,
       (select count(*)::int from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and c.relkind in ('r', 'p')
         where c.relnamespace = 'public'::regnamespace and (not c.relrowsecurity or pg_get_userbyid(c.relowner) = current_user)) as open
     from pg_roles r where r.rolname = current_user`,
  )
  const wall = rows[0]
  if (!wall || wall.loose || wall.open > 0) {
    throw new Error(
      `row-level security does not bind the role ${wall?.role ?? '?'}: refusing to start (run "./redress doctor")`,
    )
  }
}
