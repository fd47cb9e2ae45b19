import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'
import { chunks } from './domain/chunks.ts'
import { toTsvectorText } from './domain/tokens.ts'

/** Words to be found: one message, or the complaint's head (`messageId` null). */
export type Searchable = {
  readonly messageId: string | null
  readonly visibility: 'public' | 'internal'
  readonly at: number
  readonly text: string
}

const weekMs = 604_800_000

/** The lexemes that keep organisations apart and let the newest be found first (search_function.ts). */
export function places(orgNo: number, at: number): string {
  return ` '#o${orgNo}' '#o${orgNo}w${Math.floor(at / weekMs)}'`
}

/** Adds search rows; text over 8,000 characters becomes several. Never fails an intake: what cannot be tokenised is found by nothing. */
export async function addSearchRows(
  tx: Tx,
  org: { id: string; no: number },
  complaintId: string,
  items: readonly Searchable[],
): Promise<void> {
  await tx.run(addingSearchRows(org, complaintId, items), 'search-rows')
}

/** The statement that adds them, alone or as a part of a WITH. */
export function addingSearchRows(
  org: { id: string; no: number },
  complaintId: string,
  items: readonly Searchable[],
): RawBuilder<unknown> {
  const rows = items.flatMap((item) =>
    chunks(item.text).map((text, part) => ({
      id: newId(item.at),
      message_id: item.messageId,
      part,
      visibility: item.visibility,
      at: new Date(item.at).toISOString(),
      tsv: toTsvectorText(text) + places(org.no, item.at),
    })),
  )
  return sql`insert into search_row (org_id, id, complaint_id, message_id, part, visibility, at, tsv)
      select ${org.id}::uuid, r.id, ${complaintId}::uuid, r.message_id, r.part, r.visibility, r.at, r.tsv::tsvector
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, message_id uuid, part int, visibility text, at timestamptz, tsv text)`
}

/** Writes the head row anew: number, title, names and identities have changed. */
export async function replaceHead(
  tx: Tx,
  org: { id: string; no: number },
  complaintId: string,
  at: number,
  text: string,
): Promise<void> {
  await tx.client.query('select forget_head($1, $2)', [org.id, complaintId])
  await addSearchRows(tx, org, complaintId, [{ messageId: null, visibility: 'public', at, text }])
}
