import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import type { SavedFilter } from './contract.ts'

export type ViewRow = {
  readonly id: string
  readonly owner_id: string
  readonly shared: boolean
  readonly name: string
  readonly filter: SavedFilter
  readonly position: number
  readonly removed: boolean
}

const columns = sql`id, owner_id, shared, name, filter, position, removed_at is not null as removed`

/** Those of this person and the shared ones, shared first, each in their order. */
export function viewsOf(tx: Tx, org: string, staff: string | null): Promise<ViewRow[]> {
  return tx.rows(
    sql`select ${columns} from saved_view where org_id = ${org} and removed_at is null and (shared or owner_id = ${staff}::uuid)
      order by shared desc, position, created_at, id`,
  )
}

/** One of these that this person can know of, locked; a removed one too. */
export function lockView(tx: Tx, org: string, staff: string | null, id: string): Promise<ViewRow | undefined> {
  return tx.first(
    sql`select ${columns} from saved_view where org_id = ${org} and id = ${id} and (shared or owner_id = ${staff}::uuid) for update`,
  )
}

/** Those in line with this one: the shared ones, or the private ones of its owner. */
const line = (v: { shared: boolean; owner_id: string }) =>
  v.shared ? sql`shared` : sql`(not shared and owner_id = ${v.owner_id}::uuid)`

type NewView = Omit<ViewRow, 'position' | 'removed'>

/** Adds it at the end of its line. */
export async function insertView(tx: Tx, org: string, v: NewView, now: number): Promise<void> {
  const at = new Date(now)
  await tx.run(
    sql`insert into saved_view (org_id, id, owner_id, shared, name, filter, position, created_at, updated_at)
      select ${org}::uuid, ${v.id}::uuid, ${v.owner_id}::uuid, ${v.shared}::boolean, ${v.name}::text, ${JSON.stringify(v.filter)}::jsonb,
        coalesce(max(position) + 1, 0), ${at}::timestamptz, ${at}::timestamptz
      from saved_view where org_id = ${org} and removed_at is null and ${line(v)}`,
  )
}

export async function updateView(tx: Tx, org: string, v: ViewRow, now: number): Promise<void> {
  const at = new Date(now)
  await tx.run(
    sql`update saved_view set owner_id = ${v.owner_id}, name = ${v.name}, filter = ${JSON.stringify(v.filter)}::jsonb, shared = ${v.shared}, position = ${v.position},
      removed_at = ${v.removed ? at : null}, updated_at = ${at} where org_id = ${org} and id = ${v.id}`,
  )
}

/** Puts it at this place of its line, numbering the line anew. */
export async function placeView(tx: Tx, org: string, v: ViewRow, place: number): Promise<void> {
  await tx.run(
    sql`update saved_view s set position = o.no from (
        select id, row_number() over (order by case when id = ${v.id} then ${place}::float8 - 0.5 else others end) - 1 as no from (
          select id, row_number() over (order by id = ${v.id}, position, created_at, id) - 1 as others
          from saved_view where org_id = ${org} and removed_at is null and ${line(v)}) x) o
      where s.org_id = ${org} and s.id = o.id`,
  )
}

/** Which of the things a filter names this organisation does not have. */
export async function unknownIn(tx: Tx, org: string, f: SavedFilter): Promise<string[]> {
  const named = [
    ['teamId', 'team'],
    ['ownerId', 'staff'],
    ['placeId', 'place'],
    ['productId', 'product'],
    ['customerId', 'customer'],
    ['importId', 'import_run'],
  ] as const
  const unknown: string[] = []
  for (const [field, table] of named) {
    if (f[field] === undefined) continue
    const found = await tx.first(
      sql`select 1 as ok from ${sql.table(table)} where org_id = ${org} and id = ${f[field]}`,
    )
    if (!found) unknown.push(field)
  }
  return unknown
}
