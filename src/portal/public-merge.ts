import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'

/** The complaint this one is answered together with. Nothing of it is shown but the answers given since. */
export type Together = {
  readonly id: string
  readonly number: string
  /** Where in its history the two were merged. */
  readonly sinceSeq: number
  /** When it ended; null while it is open. */
  readonly closedAt: number | null
  /** Which of our points is which of its points, by its point's id. */
  readonly ours: ReadonlyMap<string, string>
}

type Row = {
  id: string
  number: string
  seq: number
  closed_at: number | null
  points: readonly { id: string; of: string }[] | null
}

/** Undefined for a complaint that stands on its own, again or still. */
export async function togetherOf(tx: Tx, org: string, id: string): Promise<Together | undefined> {
  const row = await tx.first<Row>(
    sql`select s.id, s.number, e.seq, case when s.open then null else s.closed_at end as closed_at, e.payload#>'{facts,points}' as points
        from complaint m join complaint s on s.org_id = m.org_id and s.id = m.merged_into
          join complaint_event e on e.org_id = s.org_id and e.complaint_id = s.id and e.type = 'absorbed' and e.payload#>>'{facts,from}' = m.id::text
        where m.org_id = ${org} and m.id = ${id} and m.merged_into is not null
          and e.seq > (select coalesce(max(r.seq), 0) from complaint_event r where r.org_id = s.org_id and r.complaint_id = s.id
            and r.type = 'released' and r.payload#>>'{facts,from}' = m.id::text)
        order by e.seq limit 1`,
  )
  return (
    row && {
      id: row.id,
      number: row.number,
      sinceSeq: row.seq,
      closedAt: row.closed_at,
      ours: new Map((row.points ?? []).map((p) => [p.id, p.of])),
    }
  )
}

/** Points that came with complaints merged into this one, then or now: they are read where they were taken in. */
export async function broughtPoints(tx: Tx, org: string, id: string): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ id: string }>(
    sql`select x->>'id' as id from complaint_event e, jsonb_array_elements(e.payload#>'{facts,points}') x
        where e.org_id = ${org} and e.complaint_id = ${id} and e.type = 'absorbed' and jsonb_typeof(e.payload#>'{facts,points}') = 'array'`,
  )
  return new Set(rows.map((r) => r.id))
}
