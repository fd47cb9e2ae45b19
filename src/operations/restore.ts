import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, lstat, mkdir, mkdtemp, rename, rm, writeFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Config } from '../kit/config.ts'
import { migrateDatabase } from '../kit/db/migrate.ts'
import { fingerprint, masterSecret } from '../kit/secrets.ts'
import type { Services } from '../kit/services.ts'
import { migrate } from '../migrate.ts'
import { blobPath } from './backup.ts'
import { BackupProblem, checkFiles, type Manifest, readManifest } from './manifest.ts'
import { columnList, isLeftOut, nameOf, quoted, tablesInOrder } from './tables.ts'

export type RestoreOptions = {
  readonly folder: string
  /** The url of an empty database, as a role that may create schemas and roles. */
  readonly url: string
  readonly config: Config
  readonly now: number
  /** Opens the blob stores once the tables are there. */
  readonly openServices: () => Promise<Pick<Services, 'blobs'> & { close(): Promise<void> }>
}

/** Loads a backup into an empty database and brings it to this version. Throws BackupProblem, one line. */
export async function restore(options: RestoreOptions): Promise<Manifest> {
  const { folder, url, config } = options
  const manifest = await readManifest(folder)
  await checkFiles(folder, manifest)
  await inDatabase(url, assertEmpty)
  await settleSecret(folder, manifest, config)
  await migrateAsThen(url, manifest)
  await inDatabase(url, (client) => load(client, options, manifest))
  await migrate(url)
  await restoreCheckpoints(folder, manifest, config.dataDir, options.now)
  await restoreBlobs(options, manifest)
  await inDatabase(url, (client) =>
    client.query(`update meta.setting set value = jsonb_set(value, '{state}', '"done"') where key = 'restored'`),
  )
  return manifest
}

async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'redress restore' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function assertEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; tables: number }>(
    `select current_database() as name, count(*)::int as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`,
  )
  const found = rows[0]
  if (found && found.tables > 0)
    throw new BackupProblem(
      `the database ${found.name} is not empty (${found.tables} tables): restore into a new one (another --data folder, or a new database in DATABASE_URL)`,
    )
}

/** The secret must be that of the backup: sealed values and receipt codes depend on it. */
async function settleSecret(folder: string, manifest: Manifest, config: Config): Promise<void> {
  const own = join(config.dataDir, 'secret.key')
  const there = await lstat(own).catch(() => undefined)
  if (config.secret === undefined && !there) {
    if (!manifest.files.some((f) => f.name === 'secret.key'))
      throw new BackupProblem(
        `the backup was made without its secret: put the original secret.key into ${config.dataDir}, or set REDRESS_SECRET`,
      )
    await mkdir(config.dataDir, { recursive: true })
    await writeFile(own, await readFile(join(folder, 'secret.key')), { flag: 'wx', mode: 0o600, flush: true })
  }
  const held = fingerprint(await masterSecret({ value: config.secret, dataDir: config.dataDir }))
  if (held !== manifest.secretFingerprint)
    throw new BackupProblem(`the secret here (${held}) is not the one of the backup (${manifest.secretFingerprint})`)
}

/** The schema as it was: the migrations the backup names, unchanged, and no later ones. */
async function migrateAsThen(url: string, manifest: Manifest): Promise<void> {
  const home = fileURLToPath(new URL('../../db/migrations', import.meta.url))
  const then = await mkdtemp(join(tmpdir(), 'redress-schema-'))
  try {
    for (const { name } of manifest.migrations) {
      await copyFile(join(home, basename(name)), join(then, basename(name))).catch(() => {
        throw new BackupProblem(`the backup is of a newer version (${name} is unknown here): start that version`)
      })
    }
    await migrateDatabase(url, then, [])
  } finally {
    await rm(then, { recursive: true, force: true })
  }
  const known = await inDatabase(url, (client) =>
    client.query<{ name: string; sha256: string }>('select name, sha256 from meta.migration'),
  )
  const other = manifest.migrations.find((m) => known.rows.find((k) => k.name === m.name)?.sha256 !== m.sha256)
  if (other) throw new BackupProblem(`the migration ${other.name} is not the one the backup was made with`)
}

/** All rows in one transaction: there is never half a restored database. */
async function load(client: pg.Client, options: RestoreOptions, manifest: Manifest): Promise<void> {
  await client.query(
    `begin; set local statement_timeout = 0; set local row_security = off; set local datestyle = 'ISO'`,
  )
  const tables = await tablesInOrder(client)
  const named = new Map(manifest.tables.filter((t) => !isLeftOut(t)).map((t) => [nameOf(t), t]))
  const missing = tables.filter((t) => !named.delete(nameOf(t))).map(nameOf)
  if (missing.length > 0 || named.size > 0)
    throw new BackupProblem(
      `the backup's tables are not those of its schema: ${[...missing, ...named.keys()].join(', ')}`,
    )
  // A migration may have put rows of its own in.
  for (const table of tables.toReversed()) await client.query(`delete from ${quoted(table)}`)
  for (const table of tables) {
    const held = manifest.tables.find((t) => nameOf(t) === nameOf(table))
    if (!held || held.columns.toSorted().join() !== table.columns.toSorted().join())
      throw new BackupProblem(`the columns of ${nameOf(table)} are not those of its schema`)
    const rows = await copyIn(
      client,
      `copy ${quoted(table)} (${columnList({ ...table, columns: held.columns })}) from stdin`,
      join(options.folder, held.file),
    )
    if (rows !== held.rows) throw new BackupProblem(`${nameOf(table)}: ${rows} rows came instead of ${held.rows}`)
  }
  await askAgain(client, join(options.folder, 'jobs.copy.gz'))
  await setSequences(client)
  await beginAnew(client, options)
  await client.query('commit')
}

async function copyIn(client: pg.Client, sql: string, path: string): Promise<number> {
  const into = client.query(copyFrom(sql))
  await pipeline(createReadStream(path), createGunzip(), into)
  return into.rowCount ?? 0
}

async function askAgain(client: pg.Client, path: string): Promise<void> {
  await client.query(
    `create temporary table restored_job (identifier text, payload json, queue_name text, run_at timestamptz, max_attempts int, key text, priority int) on commit drop`,
  )
  await copyIn(client, 'copy restored_job from stdin', path)
  await client.query(
    `select graphile_worker.add_job(identifier, payload, queue_name => queue_name, run_at => run_at, max_attempts => max_attempts, job_key => key, priority => priority) from restored_job`,
  )
}

async function setSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ schema: string; name: string; column: string }>(
    `select n.nspname as schema, c.relname as name, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
     join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'auth', 'meta') and c.relkind = 'r' and a.attidentity <> ''`,
  )
  for (const row of rows) {
    const column = pg.escapeIdentifier(row.column)
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), (select coalesce(max(${column}), 0) + 1 from ${quoted(row)}), false)`,
      [quoted(row), row.column],
    )
  }
}

/**
 * Transaction ids begin anew: without its epoch the stream gets a new one at the next start and readers reload, and
 * checkpoints compare all heads once.
 */
async function beginAnew(client: pg.Client, { folder, now }: RestoreOptions): Promise<void> {
  await client.query(
    `delete from meta.setting where key in ('stream.epoch', 'stream.pruned', 'refold-cursor') or key like 'checkpoint-cursor:%'`,
  )
  const restored = JSON.stringify({ state: 'files', at: new Date(now).toISOString(), from: basename(folder) })
  await client.query(
    `insert into meta.setting (key, value) values ('restored', $1) on conflict (key) do update set value = excluded.value`,
    [restored],
  )
}

async function restoreCheckpoints(folder: string, manifest: Manifest, dataDir: string, now: number): Promise<void> {
  const home = join(dataDir, 'checkpoints')
  await mkdir(home, { recursive: true, mode: 0o700 })
  for (const { name } of manifest.files.filter((f) => f.name.startsWith('checkpoints/'))) {
    const path = join(home, basename(name, '.gz'))
    // What an earlier database wrote stays readable beside: it may tell of more than the backup holds.
    await rename(path, `${path}.before-${now}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await pipeline(
      createReadStream(join(folder, name)),
      createGunzip(),
      createWriteStream(path, { mode: 0o600, flush: true }),
    )
  }
}

/** Files go through the store of this installation, which counts their hash anew. */
async function restoreBlobs({ folder, url, openServices }: RestoreOptions, manifest: Manifest): Promise<void> {
  if (manifest.blobs.count === 0) return
  const services = await openServices()
  const lost = new Set(manifest.blobs.lost)
  try {
    await inDatabase(url, async (client) => {
      await client.query('begin read only')
      await client.query(
        `declare files no scroll cursor for select org_id as org, encode(sha256, 'hex') as sha256 from blob`,
      )
      for (;;) {
        const { rows } = await client.query<{ org: string; sha256: string }>('fetch 500 from files')
        for (const { org, sha256 } of rows) {
          if (lost.has(`${org}/${sha256}`)) continue
          const path = blobPath(folder, org, sha256)
          if (!(await lstat(path).catch(() => undefined))?.isFile())
            throw new BackupProblem(`the backup lacks the file ${sha256}`)
          const put = await services.blobs(org).put(createReadStream(path))
          if (put.sha256 !== sha256)
            throw new BackupProblem(`the file ${sha256} is not as it was when the backup was made`)
        }
        if (rows.length < 500) return
      }
    })
  } finally {
    await services.close()
  }
}
