import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import packageFile from '../../../package.json' with { type: 'json' }
import { checkpointKey, checkpointLines, publicPem } from '../../audit/index.ts'
import { BlobMissing } from '../../kit/blobs/blob-store.ts'
import { type TarWriter, tarWriter } from '../../kit/files/tar.ts'
import { fingerprint } from '../../kit/secrets.ts'
import type { Services } from '../../kit/services.ts'
import { columnList, nameOf, quoted, type Table } from '../../operations/tables.ts'
import { keysOf, kindsInOrder } from './kinds.ts'
import {
  blobName,
  checkpointsName,
  dataName,
  formatVersion,
  headsSql,
  type Manifest,
  manifestName,
  PackageProblem,
  publicKeyName,
} from './manifest.ts'

export type PackageApp = Pick<Services, 'now' | 'blobs' | 'subkey'> & {
  readonly master: Buffer
  /** The url of the tables' owner. */
  readonly databaseUrl: string
}

/**
 * Writes everything of one organisation, as it was at one moment, into one file that needs no program of ours to be read.
 * Work goes on meanwhile. The file is there whole or not at all.
 */
export async function writePackage(app: PackageApp, slug: string, path: string): Promise<Manifest> {
  const part = `${path}.part`
  const file = await open(part, 'wx', 0o600).catch(() => {
    throw new PackageProblem(`${part} cannot be made, or is there already`)
  })
  const client = new pg.Client({ connectionString: app.databaseUrl, application_name: 'redress export' })
  try {
    await client.connect()
    await client.query('begin isolation level repeatable read read only')
    // Fails instead of leaving rows out, should row-level security bind this role.
    await client.query(
      `set local row_security = off; set local statement_timeout = 0; set local datestyle = 'ISO'; set local timezone = 'UTC'`,
    )
    const written = await writeAll(app, client, tarWriter(file), slug)
    await client.query('commit')
    await file.close()
    await rename(part, path)
    return written
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(part, { force: true })
    throw error
  } finally {
    await client.end()
  }
}

async function writeAll(app: PackageApp, client: pg.Client, tar: TarWriter, slug: string): Promise<Manifest> {
  const { rows } = await client.query<{ org_id: string }>('select org_id from organisation where slug = $1', [slug])
  const org = rows[0]?.org_id
  if (!org) throw new PackageProblem(`there is no organisation "${slug}"`)
  const kinds = await writeKinds(client, tar, org)
  const audit = await writeAudit(app, client, tar, org)
  const blobs = await writeBlobs(app, client, tar, org)
  const heads = await client.query<Manifest['heads']>(headsSql, [org])
  const made: Manifest = {
    format: 'redress-package',
    version: formatVersion,
    program: packageFile.version,
    at: new Date(app.now()).toISOString(),
    organisation: { id: org, slug },
    secretFingerprint: fingerprint(app.master),
    migrations: await migrationsOf(client),
    kinds,
    audit,
    blobs,
    heads: heads.rows[0] ?? { complaints: 0, sha256: '' },
    stayed: await stayedOf(client, org),
  }
  await tar.add(manifestName, once(`${JSON.stringify(made, null, 1)}\n`))
  await tar.finish()
  return made
}

/** The migrations that made this schema. */
export async function migrationsOf(client: pg.ClientBase): Promise<Manifest['migrations']> {
  const { rows } = await client.query<{ name: string; sha256: string }>(
    `select name, sha256 from meta.migration where name like '%.sql' order by name`,
  )
  return rows
}

async function stayedOf(client: pg.Client, org: string): Promise<Manifest['stayed']> {
  const { rows } = await client.query<Manifest['stayed']>(
    `select (select count(*)::int from api_key where org_id = $1 and revoked_at is null) as "apiKeys",
       (select count(*)::int from mailbox where org_id = $1 and secret is not null) as "mailboxSecrets"`,
    [org],
  )
  return rows[0] ?? { apiKeys: 0, mailboxSecrets: 0 }
}

/** Accounts are of the whole installation; of them travel the id and the address that staff sign in with, nothing to sign in by. */
const accounts = {
  name: 'account',
  columns: ['id', 'mail', 'created_at'],
  sql: (org: string) =>
    `select u.id, u.mail, u.created_at from auth."user" u where u.id in (select s.user_id from staff s where s.org_id = ${org}) order by u.id`,
}

async function writeKinds(client: pg.Client, tar: TarWriter, org: string): Promise<Manifest['kinds']> {
  const keys = await keysOf(client)
  const literal = pg.escapeLiteral(org)
  const kinds = [{ name: accounts.name, columns: accounts.columns, sql: accounts.sql(literal) }]
  for (const table of await kindsInOrder(client))
    kinds.push({
      name: table.name,
      columns: [...table.columns],
      sql: rowsSql(table, literal, keys.get(nameOf(table)) ?? []),
    })
  const written: Manifest['kinds'] = []
  for (const { name, columns, sql } of kinds) {
    // Signs that JSON never holds raw: lines come out as they are, without a second way of escaping.
    const lines = client.query(
      copyTo(
        `copy (select row_to_json(r)::text from (${sql}) r) to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`,
      ),
    )
    const { bytes, sha256 } = await hashed(tar, dataName(name), lines)
    written.push({ name, columns, rows: lines.rowCount ?? 0, bytes, sha256 })
  }
  return written
}

const rowsSql = (table: Table, org: string, key: readonly string[]) =>
  `select ${columnList(table)} from ${quoted(table)} where org_id = ${org} order by ${key.map((k) => pg.escapeIdentifier(k)).join(', ')}`

async function hashed(
  tar: TarWriter,
  name: string,
  source: AsyncIterable<Uint8Array | string>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  async function* measured() {
    for await (const piece of source) {
      hash.update(piece)
      yield piece
    }
  }
  const bytes = await tar.add(name, measured())
  return { bytes, sha256: hash.digest('hex') }
}

async function writeAudit(app: PackageApp, client: pg.Client, tar: TarWriter, org: string): Promise<Manifest['audit']> {
  const pem = publicPem(checkpointKey(app.subkey('checkpoints')))
  const names = [
    [checkpointsName, checkpointLines(client, org)],
    [publicKeyName, once(pem)],
  ] as const
  const written: Manifest['audit'] = []
  for (const [name, source] of names) written.push({ name, ...(await hashed(tar, name, source)) })
  return written
}

/** The files that the snapshot's rows name. Those already lost are listed; a changed one ends it all. */
async function writeBlobs(app: PackageApp, client: pg.Client, tar: TarWriter, org: string): Promise<Manifest['blobs']> {
  const result: Manifest['blobs'] = { count: 0, bytes: 0, lost: [] }
  const store = app.blobs(org)
  const { rows } = await client.query<{ sha256: string }>(
    `select encode(sha256, 'hex') as sha256 from blob where org_id = $1 order by 1`,
    [org],
  )
  for (const { sha256 } of rows) {
    const source = await store.get(sha256).catch((error: unknown) => {
      if (error instanceof BlobMissing) return undefined
      throw error
    })
    if (!source) result.lost.push(sha256)
    else {
      result.bytes += await tar.add(blobName(sha256), source)
      result.count += 1
    }
  }
  return result
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}
