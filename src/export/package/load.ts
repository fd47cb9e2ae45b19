import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type CheckpointLine, keepCheckpointFile, putCheckpoint, unmetHeads } from '../../audit/index.ts'
import type { BlobStore } from '../../kit/blobs/blob-store.ts'
import { directoryStore } from '../../kit/blobs/directory-store.ts'
import { postgresStore } from '../../kit/blobs/postgres-store.ts'
import { columnList, quoted, type Table } from '../../operations/tables.ts'
import { bytesOf, type Checked, linesOf } from './check.ts'
import { kindsInOrder } from './kinds.ts'
import {
  blobName,
  checkpointsName,
  dataName,
  headsSql,
  type Manifest,
  PackageProblem,
  publicKeyName,
} from './manifest.ts'
import { migrationsOf } from './write.ts'

export type LoadOptions = {
  /** The url of the tables' owner, in a database that was migrated and holds no organisation. */
  readonly url: string
  readonly dataDir: string
  /** Where files go: a folder beside the embedded database, or an outside one itself. */
  readonly embedded: boolean
  /** Of the secret of this house. */
  readonly fingerprint: string
}

/** What staff have to do after. */
export type Loaded = {
  readonly manifest: Manifest
  readonly rows: number
  /** People with an account and no password yet. */
  readonly accounts: number
  /** Answers that waited to be sent, and will be by the worker of this house. */
  readonly waiting: number
  /** Whether this house has the secret of the old one: codes, links and checkpoints go on. */
  readonly sameSecret: boolean
  readonly checkpoints: number
  readonly checkpointFile: string | null
}

/** Takes a checked package in, all of it in one transaction: a failure leaves the house as empty as it was. */
export async function loadPackage(checked: Checked, options: LoadOptions): Promise<Loaded> {
  const client = new pg.Client({ connectionString: options.url, application_name: 'redress import-package' })
  await client.connect()
  const { id: org } = checked.manifest.organisation
  try {
    await client.query(
      `begin; set local statement_timeout = 0; set local row_security = off; set local datestyle = 'ISO'; set local timezone = 'UTC'`,
    )
    const tables = await assertFits(client, checked.manifest)
    await loadAccounts(client, checked)
    for (const table of tables) await loadKind(client, checked, table)
    await client.query(
      `insert into meta.mailbox_address (address, org_id, mailbox_id) select address, org_id, id from mailbox where org_id = $1`,
      [org],
    )
    await assertSame(client, checked.manifest)
    const sealed = await loadCheckpoints(client, checked, options)
    await loadBlobs(client, checked, options)
    const told = await toldOf(client, org)
    await client.query('commit')
    const rows = checked.manifest.kinds.reduce((sum, k) => sum + k.rows, 0)
    return { manifest: checked.manifest, rows, ...told, ...sealed, ...(await keepFile(checked, options, sealed)) }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    if (options.embedded) await rm(join(options.dataDir, 'blobs', org), { recursive: true, force: true })
    throw error
  } finally {
    await client.end()
  }
}

/** An empty house of the same schema. */
async function assertFits(client: pg.Client, manifest: Manifest): Promise<Table[]> {
  const { rows } = await client.query<{ n: number }>(
    `select ((select count(*) from organisation) + (select count(*) from auth."user"))::int as n`,
  )
  if ((rows[0]?.n ?? 1) > 0)
    throw new PackageProblem(
      'this installation is not empty: take a package into a new one (another --data folder, or a new database)',
    )
  const here = await migrationsOf(client)
  const other = [...here, ...manifest.migrations].find(
    (m) => !here.some((h) => sameAs(h, m)) || !manifest.migrations.some((h) => sameAs(h, m)),
  )
  if (other)
    throw new PackageProblem(
      `the package is of another version (${manifest.program}; ${other.name} differs): take it in with that version`,
    )
  const tables = await kindsInOrder(client)
  const known = new Set(['account', ...tables.map((t) => t.name)])
  const strange = manifest.kinds.find((k) => !known.has(k.name))
  if (strange) throw new PackageProblem(`${dataName(strange.name)} is of no kind that is known here`)
  for (const table of tables) {
    const kind = manifest.kinds.find((k) => k.name === table.name)
    if (!kind || kind.columns.toSorted().join() !== table.columns.toSorted().join())
      throw new PackageProblem(`the columns of ${table.name} are not those of this version`)
  }
  return tables
}

const sameAs = (a: Manifest['migrations'][number], b: Manifest['migrations'][number]) =>
  a.name === b.name && a.sha256 === b.sha256

async function loadAccounts(client: pg.Client, checked: Checked): Promise<void> {
  await incoming(client, checked, 'account')
  await client.query(
    `insert into auth."user" (id, mail, created_at) select x.id, x.mail, x.created_at
     from incoming i cross join lateral json_to_record(i.line::json) as x(id text, mail text, created_at timestamptz)`,
  )
}

async function loadKind(client: pg.Client, checked: Checked, table: Table): Promise<void> {
  await incoming(client, checked, table.name)
  const columns = columnList(table)
  await client.query(
    `insert into ${quoted(table)} (${columns}) select ${table.columns.map((c) => `x.${pg.escapeIdentifier(c)}`).join(', ')}
     from incoming i cross join lateral json_populate_record(null::${quoted(table)}, i.line::json) x`,
  )
}

/** The lines of a kind in a table of this transaction alone. */
async function incoming(client: pg.Client, checked: Checked, kind: string): Promise<void> {
  await client.query(
    'drop table if exists incoming; create temporary table incoming (line text not null) on commit drop',
  )
  const into = client.query(copyFrom(`copy incoming from stdin (format csv, quote e'\\x01', delimiter e'\\x02')`))
  await pipeline(Readable.from(bytesOf(checked, dataName(kind)), { objectMode: false }), into)
}

/** What came in is what went out: as many histories, and the same heads. */
async function assertSame(client: pg.Client, { organisation, heads }: Manifest): Promise<void> {
  const { rows } = await client.query<Manifest['heads']>(headsSql, [organisation.id])
  if (rows[0]?.complaints !== heads.complaints || rows[0].sha256 !== heads.sha256)
    throw new PackageProblem('the histories are not those the package was made of')
}

/**
 * Checkpoints seal the same history here. With the old secret they go on as rows; with another nobody here could have signed
 * them: they are kept as papers of the old house, with the key that checks them.
 */
async function loadCheckpoints(client: pg.Client, checked: Checked, { fingerprint }: LoadOptions) {
  const sameSecret = checked.manifest.secretFingerprint === fingerprint
  let checkpoints = 0
  for await (const text of linesOf(checked, checkpointsName)) {
    const line = JSON.parse(text) as CheckpointLine
    if ((await unmetHeads(client, line)) > 0)
      throw new PackageProblem(`the histories are not those that checkpoint ${line.no} sealed`)
    if (sameSecret) await putCheckpoint(client, line)
    checkpoints += 1
  }
  return { sameSecret, checkpoints }
}

async function keepFile(
  checked: Checked,
  { dataDir }: LoadOptions,
  { sameSecret, checkpoints }: { sameSecret: boolean; checkpoints: number },
) {
  if (checkpoints === 0) return { checkpointFile: null }
  const { organisation, secretFingerprint } = checked.manifest
  const lines: CheckpointLine[] = []
  for await (const line of linesOf(checked, checkpointsName)) lines.push(JSON.parse(line) as CheckpointLine)
  const pem = await text(bytesOf(checked, publicKeyName))
  const old = sameSecret ? undefined : { from: secretFingerprint.replaceAll(/[^0-9a-z]/gi, ''), pem }
  return { checkpointFile: await keepCheckpointFile(dataDir, organisation.id, lines, old) }
}

/** Through the store of this house, which counts their hash anew. */
async function loadBlobs(client: pg.Client, checked: Checked, { dataDir, embedded }: LoadOptions): Promise<void> {
  const { id: orgId } = checked.manifest.organisation
  const store: Pick<BlobStore, 'put'> = embedded
    ? directoryStore({ root: join(dataDir, 'blobs'), orgId })
    : // One connection for all of it: what a pool would lend is this one.
      postgresStore({ orgId, withClient: (work) => work(client as unknown as pg.PoolClient) })
  for (const { name } of checked.entries.values()) {
    if (!name.startsWith('blobs/')) continue
    const { sha256 } = await store.put(bytesOf(checked, name))
    if (blobName(sha256) !== name) throw new PackageProblem(`${name} is not as it was when the package was made`)
  }
}

async function toldOf(client: pg.Client, org: string): Promise<Pick<Loaded, 'accounts' | 'waiting'>> {
  const { rows } = await client.query<Pick<Loaded, 'accounts' | 'waiting'>>(
    `select (select count(*)::int from staff where org_id = $1 and active and user_id is not null) as accounts,
       (select count(*)::int from outbox where org_id = $1 and state = 'waiting') as waiting`,
    [org],
  )
  return rows[0] ?? { accounts: 0, waiting: 0 }
}
