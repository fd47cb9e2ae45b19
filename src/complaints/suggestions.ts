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
  complainant?: 'same' | 'perhaps' | 'another'
}

/** The standing suggestions of a complaint that this reader may see. */
export function suggestionsOf(tx: Tx, org: string, id: string): Promise<SuggestionRow[]> {
  return tx.rows<SuggestionRow>(
    sql`select c.id, c.number, t.title, c.state, c.received_at, array_agg(d.reason order by d.reason) as reasons, max(d.score) as score,
      case when o.mode <> c.mode or o.mode = 'anonymous' then 'another' when o.mode = 'named' and o.customer_id = c.customer_id then 'same' else 'perhaps' end as complainant
    from duplicate_suggestion d join complaint c on c.org_id = d.org_id and c.id = d.other_id join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
      join complaint o on o.org_id = d.org_id and o.id = d.complaint_id
    where d.org_id = ${org} and d.complaint_id = ${id} and d.dismissed_by is null and c.state <> 'merged' and ${sql.raw(visibleSql('c'))}
      and not exists (select from complaint_link l where l.org_id = d.org_id and l.complaint_id = d.complaint_id and l.other_id = d.other_id)
    group by c.id, c.number, t.title, c.state, c.received_at, c.org_id, c.mode, c.customer_id, o.mode, o.customer_id order by max(d.score) desc, c.received_at desc limit 10`,
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
    ...(s.complainant ? { complainant: s.complainant } : {}),
  }
}

type Likeness = { readonly id: string; readonly reason: string; readonly score: number }

/** Those of these candidates that this reader may see, the likest first, each once with all reasons. */
export function suggestionsAmong(tx: Tx, org: string, found: readonly Likeness[]): Promise<SuggestionRow[]> {
  if (found.length === 0) return Promise.resolve([])
  return tx.rows<SuggestionRow>(
    sql`select c.id, c.number, t.title, c.state, c.received_at, array_agg(distinct d.reason order by d.reason) as reasons, max(d.score) as score
    from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as d(id uuid, reason text, score real)
      join complaint c on c.org_id = ${org} and c.id = d.id join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
    where ${sql.raw(visibleSql('c'))}
    group by c.id, c.number, t.title, c.state, c.received_at, c.org_id order by count(*) desc, max(d.score) desc, c.received_at desc limit 5`,
  )
}
