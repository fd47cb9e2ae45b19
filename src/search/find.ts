import { sql } from 'kysely'
import { rowsFor } from '../complaints/index.ts'
import type { QueryOf, ReplyInput } from '../kit/contract/endpoint.ts'
import type { Tx } from '../kit/db/database.ts'
import type { StaffActor } from '../people/index.ts'
import type { Hit, searchComplaints } from './contract.ts'
import { snippet } from './domain/snippet.ts'
import { type Found, nextOf, search, textOf } from './found.ts'

type Query = QueryOf<typeof searchComplaints>
type Reply = ReplyInput<typeof searchComplaints>
type Words = { readonly id: string; readonly body: string; readonly direction: string }

/** One page of complaints that meet all terms of `q` in one of their messages or in their head. */
export async function findComplaints(tx: Tx, actor: StaffActor, query: Query, now: number): Promise<Reply> {
  const text = textOf(actor, query.q)
  if (text === null) return { items: [], next: null, searched: false }
  const found = await search(tx, query, text)
  const org = actor.org.id
  const page = found.slice(0, query.limit)
  const rows = new Map(
    (
      await rowsFor(
        tx,
        actor,
        page.map((f) => f.complaint_id),
        now,
      )
    ).map((row) => [row.id, row]),
  )
  const words = await wordsOf(tx, org, page)
  const items = page.flatMap((f) => {
    const complaint = rows.get(f.complaint_id)
    if (!complaint) return []
    const message = f.message_id === null ? undefined : words.get(f.message_id)
    return [{ complaint, at: new Date(f.at).toISOString(), hits: hitsOf(query.q, complaint.title, message) }]
  })
  return { items, next: nextOf(query, found), searched: true }
}

async function wordsOf(tx: Tx, org: string, page: readonly Found[]): Promise<Map<string, Words>> {
  const pairs = page.filter((f) => f.message_id !== null)
  if (pairs.length === 0) return new Map()
  const rows = await tx.rows<Words>(
    sql`select id, left(body, 20000) as body, direction from message where org_id = ${org}
        and complaint_id = any (${pairs.map((p) => p.complaint_id)}::uuid[]) and id = any (${pairs.map((p) => p.message_id)}::uuid[])`,
  )
  return new Map(rows.map((r) => [r.id, r]))
}

/** The title when it or nothing else has the words (a number, a name), and the message that was found. */
function hitsOf(q: string, title: string, message: Words | undefined): Hit[] {
  const inTitle = snippet(title, q, { width: 160 }).parts
  const hits: Hit[] = []
  if (!message || inTitle.some((part) => part.hit)) hits.push({ where: 'title', messageId: null, parts: [...inTitle] })
  if (message) {
    const where = message.direction === 'note' ? 'note' : 'message'
    hits.push({ where, messageId: message.id, parts: [...snippet(message.body, q, { width: 160 }).parts] })
  }
  return hits
}
