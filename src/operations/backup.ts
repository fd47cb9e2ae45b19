import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import packageFile from '../../package.json' with { type: 'json' }
import { BlobMissing, BlobCorrupt } from '../kit/blobs/blob-store.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import { fingerprint } from '../kit/secrets.ts'
import type { Services } from '../kit/services.ts'
import { type Manifest, manifestFile } from './manifest.ts'
import { columnList, nameOf, quoted, tablesInOrder } from './tables.ts'

export type BackupApp = Pick<Services, 'now' | 'blobs' | 'config'> & {
  readonly master: Buffer
  /** The url of the tables' owner. */
  readonly databaseUrl: string
}

export type BackupOptions = {
  /** Where the backup's own folder is made. */
  readonly into: string
  /** Put the master secret into the backup too. */
  readonly withSecret?: boolean
}

type FileEntry = Manifest['files'][number]

/**
 * Writes everything of the installation, as it was at one moment, into `redress-backup-<time>/` while work goes on.
 * Nothing is locked. Gives the folder and what it holds.
 */
export async function backup(app: BackupApp, options: BackupOptions): Promise<{ folder: string; manifest: Manifest }> {
  const at = new Date(app.now()).toISOString()
  const folder = join(options.into, `redress-backup-${at.replaceAll(/[-:]|\.\d+/g, '')}`)
  await mkdir(options.into, { recursive: true })
  await mkdir(folder, { mode: 0o700 })
  const files: FileEntry[] = []
  // Before the snapshot: a line in the file must have its row in the tables.
  files.push(...(await copyCheckpoints(app.config.dataDir, folder)))
  const client = new pg.Client({ connectionString: app.databaseUrl, application_name: 'redress backup' })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    // Fails instead of leaving rows out, should row-level security bind this role.
    await client.query(`set local row_security = off; set local statement_timeout = 0; set local datestyle = 'ISO'`)
    const tables = await copyTables(client, folder, files)
    const jobs = await copyOut(client, jobsQuery, folder, 'jobs.copy.gz')
    files.push(jobs.file)
    const blobs = await copyBlobs(client, app, folder)
    if (options.withSecret) files.push(await copySecret(app.master, folder))
    const manifest: Manifest = {
      format: 1,
      program: packageFile.version,
      ...(await serverFacts(client)),
      at,
      secretFingerprint: fingerprint(app.master),
      tables,
      jobs: jobs.rows,
      files,
      blobs,
    }
    await client.query('commit')
    await finish(folder, manifest)
    await remember(client, at)
    return { folder, manifest }
  } finally {
    await client.end()
  }
}

/** For the health page: that there is a backup, and how old it is. Not in the backup itself, which is of before. */
async function remember(client: pg.Client, at: string): Promise<void> {
  await client.query(
    `insert into meta.setting (key, value) values ('last-backup', $1) on conflict (key) do update set value = excluded.value`,
    [JSON.stringify({ at })],
  )
}

/** Jobs are put back by asking for them again: the worker's own tables belong to its version. */
const jobsQuery = `select t.identifier, j.payload, q.queue_name, j.run_at, j.max_attempts, j.key, j.priority
  from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  left join graphile_worker._private_job_queues q on q.id = j.job_queue_id where j.attempts < j.max_attempts order by j.id`

async function copyTables(client: pg.Client, folder: string, files: FileEntry[]): Promise<Manifest['tables']> {
  const tables: Manifest['tables'] = []
  for (const table of await tablesInOrder(client)) {
    const name = `tables/${nameOf(table)}.copy.gz`
    const { rows, file } = await copyOut(client, `select ${columnList(table)} from ${quoted(table)}`, folder, name)
    files.push(file)
    tables.push({ schema: table.schema, name: table.name, columns: [...table.columns], rows, file: name })
  }
  return tables
}

async function copyOut(
  client: pg.Client,
  query: string,
  folder: string,
  name: string,
): Promise<{ rows: number; file: FileEntry }> {
  const rows = client.query(copyTo(`copy (${query}) to stdout`))
  const file = await writeGz(rows, folder, name)
  return { rows: rows.rowCount ?? 0, file }
}

async function writeGz(source: Readable, folder: string, name: string): Promise<FileEntry> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let bytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  await pipeline(
    source,
    createGzip({ level: 4 }),
    measure,
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  )
  return { name, bytes, sha256: hash.digest('hex') }
}

async function copyCheckpoints(dataDir: string, folder: string): Promise<FileEntry[]> {
  const home = join(dataDir, 'checkpoints')
  const names = await readdir(home).catch(() => [])
  const files: FileEntry[] = []
  for (const name of names.filter((n) => n.endsWith('.jsonl') && isUuid(n.slice(0, -6))))
    files.push(await writeGz(createReadStream(join(home, name)), folder, `checkpoints/${name}.gz`))
  return files
}

/** The files that the snapshot's rows name; they were durable before their rows. Those already lost are listed. */
async function copyBlobs(client: pg.Client, app: BackupApp, folder: string): Promise<Manifest['blobs']> {
  const result: Manifest['blobs'] = { count: 0, bytes: 0, lost: [] }
  await client.query(
    `declare files no scroll cursor for select org_id as org, encode(sha256, 'hex') as sha256, size::float8 as size from blob order by 1, 2`,
  )
  for (;;) {
    const { rows } = await client.query<{ org: string; sha256: string; size: number }>('fetch 500 from files')
    for (const { org, sha256, size } of rows) {
      const path = blobPath(folder, org, sha256)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      try {
        await pipeline(await app.blobs(org).get(sha256), createWriteStream(path, { mode: 0o600, flush: true }))
        result.count += 1
        result.bytes += size
      } catch (error) {
        if (!(error instanceof BlobMissing || error instanceof BlobCorrupt)) throw error
        result.lost.push(`${org}/${sha256}`)
      }
    }
    if (rows.length < 500) return result
  }
}

/** Where a backup keeps a file; both parts were checked by their shape before. */
export function blobPath(folder: string, org: string, sha256: string): string {
  if (!isUuid(org) || !/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('not the name of a blob')
  return join(folder, 'blobs', org, sha256.slice(0, 2), sha256)
}

async function copySecret(master: Buffer, folder: string): Promise<FileEntry> {
  const bytes = Buffer.from(`${master.toString('utf8')}\n`)
  await writeFile(join(folder, 'secret.key'), bytes, { mode: 0o600, flush: true })
  return { name: 'secret.key', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

async function serverFacts(client: pg.Client): Promise<Pick<Manifest, 'postgres' | 'migrations'>> {
  const version = await client.query<{ server_version: string }>('show server_version')
  const { rows } = await client.query<{ name: string; sha256: string }>(
    `select name, sha256 from meta.migration where name like '%.sql' order by name`,
  )
  return { postgres: version.rows[0]?.server_version ?? '', migrations: rows }
}

/** Written beside and renamed: the manifest is there whole, or not at all. */
async function finish(folder: string, manifest: Manifest): Promise<void> {
  const draft = join(folder, `${manifestFile}.tmp`)
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(draft, join(folder, manifestFile))
  const directory = await open(folder, 'r')
  await directory.sync().finally(() => directory.close())
}
