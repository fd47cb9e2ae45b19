import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { alikeQuery } from './domain/alike.ts'

const mostCandidates = 60

/** Ids of complaints the reader may see that share phrases with this text, the best first; [] where it says too little. */
export async function alikeInWords(tx: Tx, text: string): Promise<string[]> {
  const query = alikeQuery(text)
  if (query === null) return []
  const rows = await tx.rows<{ id: string }>(
    sql`select complaint_id as id from search_complaints(${query}, ${mostCandidates}, true, false, null::timestamptz, null::uuid, '{}'::jsonb)`,
  )
  return rows.map((r) => r.id)
}
