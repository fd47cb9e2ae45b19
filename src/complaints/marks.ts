import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import type { StoredEvent } from './chain.ts'
import type { complaintPage } from './contract.ts'

type Page = z.input<typeof complaintPage>
type Translated = { readonly messageId: string; readonly locale: 'en'; readonly words: { readonly wordsId: string } }

/** What people put on messages, by what they did last: folded or not. */
export function foldsOf(events: readonly StoredEvent[]): Record<string, boolean> {
  const folds: Record<string, boolean> = {}
  for (const { type, payload } of events) {
    // Marked by whoever took it down, while it was being said.
    const said = (type === 'received' ? payload.facts.message : payload.facts) as { messageId?: string; abusive?: true }
    if (said?.abusive && said.messageId) folds[said.messageId] = true
    if (type === 'message_folded' || type === 'message_unfolded')
      folds[String(payload.facts.messageId)] = type === 'message_folded'
  }
  return folds
}

/** The last translation of each message into each language, with who put it there and when. */
export async function translationsOf(
  tx: Tx,
  org: string,
  id: string,
  events: readonly StoredEvent[],
): Promise<Page['translations']> {
  const last = new Map<string, StoredEvent>()
  for (const e of events)
    if (e.type === 'translated') last.set(`${e.payload.facts.messageId} ${e.payload.facts.locale}`, e)
  if (last.size === 0) return []
  const said = [...last.values()].map((e) => ({ e, facts: e.payload.facts as Translated }))
  const [words, staff] = await Promise.all([
    tx.rows<{ id: string; text: string }>(
      sql`select id, text from complaint_words where org_id = ${org} and complaint_id = ${id} and id = any (${said.map((s) => s.facts.words.wordsId)}::uuid[])`,
    ),
    tx.rows<{ id: string; name: string }>(
      sql`select id, name from staff where org_id = ${org} and id = any (${said.flatMap((s) => s.e.actor.id ?? [])}::uuid[])`,
    ),
  ])
  return said.map(({ e, facts: { messageId, locale, words: w } }) => ({
    messageId,
    locale,
    text: words.find((row) => row.id === w.wordsId)?.text ?? '',
    by: staff.find((s) => s.id === e.actor.id)?.name ?? '',
    at: new Date(e.at).toISOString(),
  }))
}

/** Our own numbers on the letters to an authority, by message. */
export async function letterNosOf(
  tx: Tx,
  org: string,
  id: string,
  events: readonly StoredEvent[],
): Promise<Record<string, string>> {
  const said = events.flatMap(({ payload: { facts } }) => {
    const { messageId, letterNo } = facts as { messageId?: string; letterNo?: { wordsId: string } }
    return messageId && letterNo ? [{ messageId, wordsId: letterNo.wordsId }] : []
  })
  if (said.length === 0) return {}
  const rows = await tx.rows<{ id: string; text: string }>(
    sql`select id, text from complaint_words where org_id = ${org} and complaint_id = ${id} and id = any (${said.map((s) => s.wordsId)}::uuid[])`,
  )
  return Object.fromEntries(
    said.flatMap((s) => rows.filter((r) => r.id === s.wordsId).map((r) => [s.messageId, r.text])),
  )
}

/** How much there is of each kind, a merged complaint's messages included; only those this reader may see. */
export async function timelineCounts(
  tx: Tx,
  org: string,
  id: string,
  visible: string,
): Promise<Page['timelineCounts']> {
  const row = await tx.first<Page['timelineCounts']>(
    sql`select count(*) filter (where m.direction <> 'note' and m.call is null)::int as messages, count(*) filter (where m.call is not null)::int as calls,
        count(*) filter (where m.direction = 'note')::int as notes,
        (select count(*)::int from complaint_event e where e.org_id = ${org} and e.complaint_id = ${id}) as events
      from (select c.id from complaint c where c.org_id = ${org} and c.id = any (array(select ${id}::uuid union all select g.id from complaint g where g.org_id = ${org} and g.merged_into = ${id})) and ${sql.raw(visible)}) c
        join message m on m.org_id = ${org} and m.complaint_id = c.id`,
    'open-counts',
  )
  return row ?? { messages: 0, calls: 0, notes: 0, events: 0 }
}
