import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { Audience } from '../people/index.ts'
import { type RowReply, rowsByIds } from './queries.ts'

/** A place in the stream: transaction and row. Text, because an xid8 does not fit a number for ever. */
export type Place = { readonly xid: string; readonly id: string }

export type StreamRow = Place & {
  readonly complaintId: string
  readonly type: string
  readonly audienceBefore: Audience | null
  /** Whom it is news for. */
  readonly noticed: readonly string[]
}

/**
 * The rows after a place, oldest first, only of transactions that everything before has ended: ids are given before
 * COMMIT, so whoever reads past a running transaction would miss it. `behind`: there are newer ones to come back for.
 */
export async function readStream(
  tx: Tx,
  org: string,
  after: Place,
  limit: number,
): Promise<{ rows: StreamRow[]; behind: boolean }> {
  const rows = await tx.rows<{
    xid: string
    id: string
    complaint_id: string
    type: string
    audience_before: Audience | null
    noticed: string[] | null
    ready: boolean
  }>(
    sql`select xid::text as xid, id::text as id, complaint_id, type, audience_before, noticed, xid < pg_snapshot_xmin(pg_current_snapshot()) as ready
        from stream where org_id = ${org} and (xid, id) > (${after.xid}::xid8, ${after.id}::bigint) order by stream.xid, stream.id limit ${limit + 1}`,
  )
  const ready = rows.slice(0, limit).filter((r) => r.ready)
  return {
    rows: ready.map((r) => ({
      xid: r.xid,
      id: r.id,
      complaintId: r.complaint_id,
      type: r.type,
      audienceBefore: r.audience_before,
      noticed: r.noticed ?? [],
    })),
    behind: rows.length > ready.length,
  }
}

/** Where a new reader begins: before everything that is not yet certain to be seen by what it loads first. */
export async function streamEnd(tx: Tx): Promise<Place> {
  const row = await tx.first<{ xid: string }>(sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`)
  return { xid: row?.xid ?? '0', id: '0' }
}

/** A list row as it is now, with whoever may see it now: an older stream row may tell of a wider audience. */
export type Shown = { readonly row: RowReply; readonly audience: Audience }

export async function shownByIds(
  tx: Tx,
  org: string,
  ids: readonly string[],
  now: number,
): Promise<Map<string, Shown>> {
  const rows = await rowsByIds(tx, org, ids, now)
  const named = await tx.rows<{ id: string; access: string[]; helpers: string[]; subjects: string[] }>(
    sql`select c.id,
        array(select a.staff_id::text from complaint_access a where a.org_id = c.org_id and a.complaint_id = c.id) as access,
        array(select h.staff_id::text from complaint_helper h where h.org_id = c.org_id and h.complaint_id = c.id) as helpers,
        array(select s.staff_id::text from complaint_subject s where s.org_id = c.org_id and s.complaint_id = c.id) as subjects
      from complaint c where c.org_id = ${org} and c.id = any (${[...ids]}::uuid[])`,
  )
  const lists = new Map(named.map(({ id, ...rest }) => [id, rest]))
  return new Map(
    rows.flatMap((row): [string, Shown][] => {
      const found = lists.get(row.id)
      if (!found) return []
      const { teamId, owner, restricted } = row
      return [[row.id, { row, audience: { teamId, ownerId: owner?.id ?? null, restricted, ...found } }]]
    }),
  )
}
