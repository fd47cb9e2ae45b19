import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import type { Place } from './stream-rows.ts'

const epochKey = 'stream.epoch'
const prunedKey = 'stream.pruned'

export type Epoch = {
  readonly epoch: string
  /** The newest transaction of which rows are gone. */
  readonly prunedXid: string
}

/** What cursors are measured by: the installation's epoch, and how far rows were pruned. */
export async function readEpoch(tx: Tx): Promise<Epoch> {
  const rows = await tx.rows<{ key: string; value: string }>(
    sql`select key, value from meta.setting where key in (${epochKey}, ${prunedKey})`,
  )
  const of = (key: string) => rows.find((r) => r.key === key)?.value
  return { epoch: of(epochKey) ?? 'none', prunedXid: of(prunedKey) ?? '0' }
}

/** Makes the epoch of a new installation. `system` is the whole-installation role. */
export async function ensureStreamEpoch(system: Database): Promise<void> {
  await system.withoutScope((tx) =>
    tx.run(
      sql`insert into meta.setting (key, value) values (${epochKey}, ${JSON.stringify(newEpoch())}::jsonb) on conflict do nothing`,
    ),
  )
}

/** After a restore: every cursor of before leads to a reload, because its transaction numbers mean other rows now. */
export async function renewStreamEpoch(tx: Tx): Promise<void> {
  await tx.run(
    sql`insert into meta.setting (key, value) values (${epochKey}, ${JSON.stringify(newEpoch())}::jsonb) on conflict (key) do update set value = excluded.value`,
  )
}

function newEpoch(): string {
  return randomBytes(6).toString('hex')
}

/** Deletes stream rows older than `before` and notes how far: a cursor that stands further back is told to reload. */
export async function pruneStream(system: Database, before: number): Promise<number> {
  return system.withoutScope(async (tx) => {
    const gone = await tx.first<{ n: number; xid: string | null }>(
      sql`with gone as (
          delete from stream s using organisation o where s.org_id = o.org_id and s.at < ${new Date(before)} and s.xid < pg_snapshot_xmin(pg_current_snapshot()) returning s.xid
        ) select count(*)::int as n, max(xid)::text as xid from gone`,
    )
    if (gone?.xid)
      await tx.run(
        sql`insert into meta.setting as m (key, value) values (${prunedKey}, ${JSON.stringify(gone.xid)}::jsonb)
            on conflict (key) do update set value = excluded.value where (m.value #>> '{}')::bigint < (excluded.value #>> '{}')::bigint`,
      )
    return gone?.n ?? 0
  })
}

const cursorShape = /^([0-9a-z]{1,32})\.(\d{1,19})\.(\d{1,18})$/

export function writeStreamCursor(epoch: string, { xid, id }: Place): string {
  return `${epoch}.${xid}.${id}`
}

/** The place a cursor names; undefined when it is of another epoch, unreadable, or rows after it are already pruned. */
export function placeOf(cursor: string, { epoch, prunedXid }: Epoch): Place | undefined {
  const [, of, xid = '', id = ''] = cursorShape.exec(cursor) ?? []
  if (of !== epoch || BigInt(xid) < BigInt(prunedXid)) return undefined
  return { xid, id }
}

/** Which of two places is further. */
export function isAfter(a: Place, b: Place): boolean {
  const [x, y] = [BigInt(a.xid), BigInt(b.xid)]
  return x === y ? BigInt(a.id) > BigInt(b.id) : x > y
}
