import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { visibleSql } from '../people/index.ts'
import type { complaintPage } from './contract.ts'
import { iso } from './queries.ts'

export type SuggestionRow = {
  id: string
  number: string
  title: string
  state: string
  received_at: number
  reasons: string[]
  score: number
}

/** The standing suggestions of a complaint that this reader may see. */
export function suggestionsOf(tx: Tx, org: string, id: string): Promise<SuggestionRow[]> {
  return tx.rows<SuggestionRow>(
    sql`select c.id, c.number, t.title, c.state, c.received_at, array_agg(d.reason order by d.reason) as reasons, max(d.score) as score
    from duplicate_suggestion d join complaint c on c.org_id = d.org_id and c.id = d.other_id join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
    where d.org_id = ${org} and d.complaint_id = ${id} and d.dismissed_by is null and c.state <> 'merged' and ${sql.raw(visibleSql('c'))}
    group by c.id, c.number, t.title, c.state, c.received_at, c.org_id order by max(d.score) desc, c.received_at desc limit 10`,
    'open-suggestions',
  )
}

export function suggestionReply(s: SuggestionRow): z.input<typeof complaintPage>['suggestions'][number] {
  return {
    id: s.id,
    number: s.number,
    title: s.title,
    state: s.state,
    receivedAt: iso(s.received_at),
    reasons: s.reasons,
    score: s.score,
  }
}
