import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'

/** A definition that is replaced whenever its text changed (functions built from code). */
export type Repeatable = { readonly name: string; readonly sql: string }

const lockKey = 7_316_501

/**
 * Brings a database to the newest schema: plain SQL files `NNNN_name.sql` in order, each in its own transaction, forward
 * only, then graphile-worker's own, then the repeatables. An advisory lock lets several processes start at once; a
 * killed run resumes at the file it was in. Refuses when the database is ahead of the code or a file was edited.
 */
export async function migrateDatabase(
  url: string,
  folder: string,
  repeatables: readonly Repeatable[],
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey])
    await client.query('create schema if not exists meta')
    await client.query(
      'create table if not exists meta.migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    )
    const done = await applied(client)
    const files = (await readdir(folder)).filter((f) => /^\d{4}_.*\.sql$/.test(f)).sort()
    const ahead = [...done.keys()].filter((n) => n.endsWith('.sql') && !files.includes(n))
    if (ahead.length > 0)
      throw new Error(`the database is ahead of this program: it has ${ahead.join(', ')}; start a newer version`)
    const ran: string[] = []
    if (!files.every((f) => done.has(f))) await runMigrations({ connectionString: url })
    for (const file of files) {
      const sql = await readFile(join(folder, file), 'utf8')
      if (await apply(client, done, file, sql, 'once')) ran.push(file)
    }
    for (const each of repeatables) if (await apply(client, done, each.name, each.sql, 'again')) ran.push(each.name)
    return ran
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => undefined)
    await client.end()
  }
}

async function applied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from meta.migration')
  return new Map(rows.map((r) => [r.name, r.sha256]))
}

async function apply(
  client: pg.Client,
  done: Map<string, string>,
  name: string,
  sql: string,
  how: 'once' | 'again',
): Promise<boolean> {
  const sha256 = createHash('sha256').update(sql).digest('hex')
  const before = done.get(name)
  if (before === sha256) return false
  if (before !== undefined && how === 'once')
    throw new Error(`migration ${name} was edited after it ran; add a new file instead`)
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query(
      'insert into meta.migration (name, sha256) values ($1, $2) on conflict (name) do update set sha256 = $2, applied_at = now()',
      [name, sha256],
    )
    await client.query('commit')
    return true
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
