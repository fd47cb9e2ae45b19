import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { StaffActor } from '../people/index.ts'
import type { draft } from './contract.ts'

type Reply = z.input<typeof draft>
type Row = { key: string; value: unknown; version: number; writer: string; other: Reply['other']; updated_at: number }

/** Enough for every complaint one has open; what is older goes after a month. */
const mostDrafts = 500

const columns = sql`key, value, version, writer, other, updated_at`
const replyOf = (r: Row): Reply => ({
  key: r.key,
  value: r.value,
  version: r.version,
  writer: r.writer,
  other: r.other,
  updatedAt: new Date(r.updated_at).toISOString(),
})

/** This person's drafts whose key begins with `prefix`, newest first. Row-level security shows nobody else's. */
export async function draftsUnder(tx: Tx, actor: StaffActor, prefix: string): Promise<Reply[]> {
  if (!actor.staffId) return []
  const rows = await tx.rows<Row>(
    sql`select ${columns} from draft where org_id = ${actor.org.id} and staff_id = ${actor.staffId}
      and key >= ${prefix} and key < ${`${prefix}\u{10ffff}`} order by updated_at desc limit ${mostDrafts}`,
    'drafts-under',
  )
  return rows.map(replyOf)
}

export async function draftOf(tx: Tx, actor: StaffActor, key: string): Promise<Reply | null> {
  if (!actor.staffId) return null
  const row = await tx.first<Row>(
    sql`select ${columns} from draft where org_id = ${actor.org.id} and staff_id = ${actor.staffId} and key = ${key}`,
    'draft-of',
  )
  return row ? replyOf(row) : null
}

type Saving = {
  readonly value: unknown
  readonly base: number | null
  readonly writer: string
  readonly dropOther: boolean
}

/** Keeps the newest words; those a save from elsewhere had put there unseen are kept beside them. */
export async function keepDraft(tx: Tx, actor: StaffActor, key: string, saving: Saving, now: number): Promise<Reply> {
  const staff = ownerOf(actor)
  await refuseTooMany(tx, actor, staff, key)
  const value = JSON.stringify(saving.value)
  const row = await tx.first<Row>(
    sql`insert into draft as d (org_id, staff_id, key, value, version, writer, updated_at)
      values (${actor.org.id}, ${staff}, ${key}, ${value}::jsonb, ${now}, ${saving.writer}, ${new Date(now)})
      on conflict (org_id, staff_id, key) do update set value = excluded.value, updated_at = excluded.updated_at, writer = excluded.writer,
        version = greatest(excluded.version, d.version + 1),
        other = case when d.version is distinct from ${saving.base}::bigint and (d.writer = '' or d.writer <> excluded.writer) and d.value <> excluded.value
            then jsonb_build_object('value', d.value, 'version', d.version, 'updatedAt', to_char(d.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
          when ${saving.dropOther} then null else d.other end
      returning ${columns}`,
    'draft-keep',
  )
  if (!row) throw new Error('the draft was not kept')
  return replyOf(row)
}

async function refuseTooMany(tx: Tx, actor: StaffActor, staff: string, key: string): Promise<void> {
  const row = await tx.first<{ others: number }>(
    sql`select count(*)::int as others from draft where org_id = ${actor.org.id} and staff_id = ${staff} and key <> ${key}`,
    'drafts-count',
  )
  if ((row?.others ?? 0) >= mostDrafts)
    throw new RefusalError({ code: 'drafts.too-many', status: 409, facts: { most: mostDrafts } })
}

export async function dropDraft(tx: Tx, actor: StaffActor, key: string): Promise<void> {
  await tx.run(
    sql`delete from draft where org_id = ${actor.org.id} and staff_id = ${ownerOf(actor)} and key = ${key}`,
    'draft-drop',
  )
}

function ownerOf({ staffId }: StaffActor): string {
  if (!staffId) throw new RefusalError({ code: 'people.not-allowed', status: 403 })
  return staffId
}
