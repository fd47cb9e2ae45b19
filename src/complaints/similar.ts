import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { exactSimilarity } from '../language/index.ts'
import { visibleSql } from '../people/index.ts'
import { alikeInWords } from '../search/index.ts'
import type { similarComplaints } from './contract.ts'

type Items = z.input<typeof similarComplaints.reply>['items']

const mostShown = 8
const leastAlike = 0.12

/** Complaints of any time that say nearly the same as this one, among those the reader may see; the likest first. */
export async function similarTo(tx: Tx, org: string, id: string): Promise<Items> {
  const text = await firstWords(tx, org, id)
  const ids = (await alikeInWords(tx, text)).filter((other) => other !== id)
  if (ids.length === 0) return []
  const rows = await tx.rows<Omit<Items[number], 'likeness' | 'receivedAt'> & { received_at: number; text: string }>(
    sql`select c.id, c.number, t.title, c.state, c.open, c.received_at, c.outcome_code as "outcomeCode", c.remedy_code as "remedyCode", t.summary,
        coalesce((select left(m.body, 4000) from message m where m.org_id = c.org_id and m.complaint_id = c.id and m.direction = 'in' order by m.at, m.id limit 1), '') as text
      from complaint c join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
      where c.org_id = ${org} and c.id = any (${ids}::uuid[]) and c.state <> 'merged' and ${sql.raw(visibleSql('c'))}`,
  )
  return rows
    .map(({ text: words, received_at, ...rest }) => ({
      ...rest,
      receivedAt: new Date(received_at).toISOString(),
      likeness: Math.round(exactSimilarity(text, words) * 100) / 100,
    }))
    .filter((item) => item.likeness >= leastAlike)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, mostShown)
}

/** What the complainant said first. */
async function firstWords(tx: Tx, org: string, id: string): Promise<string> {
  const row = await tx.first<{ text: string }>(
    sql`select left(m.body, 4000) as text from message m where m.org_id = ${org} and m.complaint_id = ${id} and m.direction = 'in' order by m.at, m.id limit 1`,
  )
  return row?.text ?? ''
}
