import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { badCursor, readCursor, writeCursor } from '../kit/http/cursor.ts'
import { newId } from '../kit/ids.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import type { StaffActor } from './actor.ts'
import type { AccessEntry } from './contract.ts'
import { visibleSql } from './visibility.ts'

/** Notes who looked at or changed what they need to answer for: sign-ins, accounts, keys, restricted complaints. */
export async function noteAccess(
  tx: Tx,
  entry: {
    org: string
    staffId: string | undefined
    what: string
    complaintId?: string
    facts?: Readonly<Record<string, unknown>>
  },
  now: number,
): Promise<void> {
  await tx.run(
    sql`insert into access_log (org_id, id, at, staff_id, what, complaint_id, facts)
        values (${entry.org}, ${newId(now)}, ${new Date(now)}, ${entry.staffId ?? null}, ${entry.what}, ${entry.complaintId ?? null},
          ${JSON.stringify(entry.facts ?? {})}::jsonb)`,
  )
}

type Row = {
  id: string
  at: number
  what: string
  staff_id: string | null
  staff_name: string | null
  complaint_id: string | null
  number: string | null
  facts: Record<string, unknown>
}

export type Looking = {
  readonly staffId?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Who looked at or changed what, the newest first, by keyset. A complaint is named to those who may see it. */
export async function readAccess(
  tx: Tx,
  actor: StaffActor,
  { staffId, cursor, limit }: Looking,
): Promise<{ items: AccessEntry[]; next: string | null }> {
  const before = cursor ? placeOf(cursor) : null
  const rows = await tx.rows<Row>(
    sql`select l.id, l.at, l.what, l.staff_id, s.name as staff_name, c.id as complaint_id, c.number, l.facts
      from access_log l left join staff s on s.org_id = l.org_id and s.id = l.staff_id
        left join complaint c on c.org_id = l.org_id and c.id = l.complaint_id and ${sql.raw(visibleSql('c'))}
      where l.org_id = ${actor.org.id} and (${before}::uuid is null or l.id < ${before}::uuid)
        and (${staffId ?? null}::uuid is null or l.staff_id = ${staffId ?? null}::uuid)
      order by l.id desc limit ${limit + 1}`,
  )
  const items = rows.slice(0, limit).map((r) => ({
    id: r.id,
    at: new Date(r.at).toISOString(),
    what: r.what,
    staff: r.staff_id ? { id: r.staff_id, name: r.staff_name ?? '' } : null,
    complaint: r.complaint_id ? { id: r.complaint_id, number: r.number ?? '' } : null,
    facts: r.facts,
  }))
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? writeCursor([last.id]) : null }
}

function placeOf(cursor: string): string {
  const [id] = readCursor(cursor, 1)
  if (typeof id !== 'string' || !isUuid(id)) throw badCursor()
  return id
}
