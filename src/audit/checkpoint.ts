import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import type { Services } from '../kit/services.ts'
import { appendLines, type CheckpointLine, checkpointPath, type Heads, lastInFile } from './checkpoint-file.ts'
import { type CheckpointKey, checkpointKey } from './signing.ts'

export type CheckpointApp = Pick<Services, 'now' | 'subkey' | 'config'> & { readonly systemDb: Database }

/** What was written for one organisation. */
export type Written = { readonly org: string; readonly checkpoints: number; readonly heads: number }

export const firstPrev = Buffer.alloc(32)
const lockSpace = 7_316_503
const headsAtMost = 10_000
const trustStreamFor = 6 * 3_600_000

/** sha256(prev ‖ RFC 8785 JSON of {org, no, at, heads}). */
export function checkpointHash(prev: Buffer, c: { org: string; no: number; at: string; heads: Heads }): Buffer {
  const { org, no, at, heads } = c
  return createHash('sha256').update(prev).update(canonicalJson({ org, no, at, heads })).digest()
}

/**
 * Writes, for each organisation, the heads that changed since its last checkpoint: chained, signed, as rows and in a file
 * outside the database. Nothing changed, nothing written. Several processes may call it at once. Due hourly.
 * `full` compares all heads instead of trusting the stream (also done after a pause of six hours).
 */
export async function writeCheckpoints(app: CheckpointApp, options: { full?: boolean } = {}): Promise<Written[]> {
  const key = checkpointKey(app.subkey('checkpoints'))
  const orgs = await app.systemDb.withoutScope((tx) =>
    tx.rows<{ org_id: string }>(sql`select org_id from organisation order by org_id`),
  )
  const written: Written[] = []
  for (const { org_id: org } of orgs) {
    const done = await app.systemDb.withoutScope((tx) => writeRows(tx, key, org, app.now(), options.full ?? false))
    await fillFile(app, org)
    written.push({ org, ...done })
  }
  return written
}

async function lock(tx: Tx, org: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${org}))`)
}

type Last = { no: number; hash: Buffer; heads: Heads }
type Cursor = { xid: string; at: number }

async function writeRows(tx: Tx, key: CheckpointKey, org: string, now: number, full: boolean) {
  await lock(tx, org)
  // Read before the heads: what committed below it is seen by every later statement of this transaction.
  const upto = (await tx.first<{ xid: string }>(sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`))?.xid
  const last = await tx.first<Last>(
    sql`select no, hash, heads from checkpoint where org_id = ${org} order by no desc limit 1`,
  )
  const cursor = await readCursor(tx, org)
  const all = full || !last || !cursor || now - cursor.at > trustStreamFor || now < cursor.at
  if (all) await rememberKnown(tx, org)
  const at = new Date(now).toISOString()
  let [no, prev, checkpoints, count, after] = [last?.no ?? 0, last?.hash ?? firstPrev, 0, 0, zero]
  for (;;) {
    const rows = all ? await unknownHeads(tx, org, after) : await streamedHeads(tx, org, after, cursor.xid, upto ?? '0')
    const heads: Record<string, [number, string]> = {}
    for (const { id, seq, hash } of rows) if (last?.heads[id]?.[0] !== seq) heads[id] = [seq, hash]
    const changed = Object.keys(heads).length
    if (changed > 0) {
      no += 1
      const hash = checkpointHash(prev, { org, no, at, heads })
      await tx.run(
        sql`insert into checkpoint (org_id, no, at, heads, prev, hash, signature)
            values (${org}, ${no}, ${at}, ${JSON.stringify(heads)}::jsonb, ${prev}, ${hash}, ${key.sign(hash)})`,
      )
      prev = hash
      checkpoints += 1
      count += changed
    }
    if (rows.length < headsAtMost) break
    after = rows.at(-1)?.id ?? after
  }
  await writeCursor(tx, org, { xid: upto ?? '0', at: now })
  return { checkpoints, heads: count }
}

const zero = '00000000-0000-0000-0000-000000000000'
const cursorKey = (org: string) => `checkpoint-cursor:${org}`

async function readCursor(tx: Tx, org: string): Promise<Cursor | undefined> {
  const row = await tx.first<{ value: Cursor }>(sql`select value from meta.setting where key = ${cursorKey(org)}`)
  return row?.value
}

async function writeCursor(tx: Tx, org: string, cursor: Cursor): Promise<void> {
  await tx.run(
    sql`insert into meta.setting (key, value) values (${cursorKey(org)}, ${JSON.stringify(cursor)}::jsonb)
        on conflict (key) do update set value = excluded.value`,
  )
}

type Head = { id: string; seq: number; hash: string }

/** Complaints the stream tells of since the cursor; their heads may be newer than the stream rows, which is no harm. */
function streamedHeads(tx: Tx, org: string, after: string, from: string, upto: string): Promise<Head[]> {
  return tx.rows<Head>(
    sql`select id, version as seq, encode(head, 'hex') as hash from complaint where org_id = ${org} and id > ${after}::uuid
          and id in (select complaint_id from stream where org_id = ${org} and xid >= ${from}::xid8 and xid < ${upto}::xid8)
        order by id limit ${headsAtMost}`,
  )
}

async function rememberKnown(tx: Tx, org: string): Promise<void> {
  await tx.run(
    sql`create temporary table known_head on commit drop as
        select distinct on (k.key) k.key::uuid as id, (k.value->>0)::int as seq
        from checkpoint p cross join lateral jsonb_each(p.heads) k where p.org_id = ${org} order by k.key, p.no desc`,
  )
}

function unknownHeads(tx: Tx, org: string, after: string): Promise<Head[]> {
  return tx.rows<Head>(
    sql`select c.id, c.version as seq, encode(c.head, 'hex') as hash from complaint c left join known_head k on k.id = c.id
        where c.org_id = ${org} and c.id > ${after}::uuid and k.seq is distinct from c.version order by c.id limit ${headsAtMost}`,
  )
}

/** Brings the file up to the rows, also those that another machine wrote, or that a crash kept from it. */
async function fillFile(app: CheckpointApp, org: string): Promise<void> {
  const path = checkpointPath(app.config.dataDir, org)
  await app.systemDb.withoutScope(async (tx) => {
    await lock(tx, org)
    for (let after = await lastInFile(path); ; ) {
      const rows = await tx.rows<CheckpointRow>(
        sql`select no, at, heads, prev, hash, signature from checkpoint where org_id = ${org} and no > ${after} order by no limit 20`,
      )
      await appendLines(
        path,
        rows.map((row) => lineOf(org, row)),
      )
      if (rows.length < 20) return
      after = rows.at(-1)?.no ?? after
    }
  })
}

export type CheckpointRow = {
  readonly no: number
  readonly at: number
  readonly heads: Heads
  readonly prev: Buffer
  readonly hash: Buffer
  readonly signature: Buffer
}

export function lineOf(org: string, row: CheckpointRow): CheckpointLine {
  return {
    org,
    no: row.no,
    at: new Date(row.at).toISOString(),
    heads: row.heads,
    prev: row.prev.toString('hex'),
    hash: row.hash.toString('hex'),
    signature: row.signature.toString('base64'),
  }
}
