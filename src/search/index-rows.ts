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
  /** Of a head: who it is, found only by who may know customers. */
  readonly who?: string
}

const weekMs = 604_800_000
/**
 * Parts of one message that are written with it. Making the lexemes of a million characters takes seconds: whoever waits for
 * a number, and everybody behind them, would wait for it; the worker makes the rest (`indexRest`).
 */
export const partsAtOnce = 8

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
  await tx.run(addingSearchRowsOf(org, [{ id: complaintId, said: items }]), 'search-rows')
  indexRestLater(tx, org.id, complaintId, items)
}

/** Leaves what was too long to be made findable at once to the worker; a part of the transaction that writes the words. */
export function indexRestLater(tx: Tx, org: string, complaintId: string, items: readonly Searchable[]): void {
  for (const { messageId, text } of items) {
    if (messageId === null || chunks(text).length <= partsAtOnce) continue
    const payload = JSON.stringify({ org, complaintId, messageId })
    tx.send(sql`select enqueue_job('index_rest', ${payload}::json, ${`index:${messageId}`})`)
  }
}

/** The statement that adds those of several complaints, alone or as a part of a WITH. */
export function addingSearchRowsOf(
  org: { id: string; no: number },
  all: readonly { readonly id: string; readonly said: readonly Searchable[] }[],
): RawBuilder<unknown> {
  const rows = all.flatMap(({ id, said }) =>
    said.flatMap((item) => searchRows(org, item).map((row) => ({ complaint: id, ...row }))),
  )
  return sql`insert into search_row (org_id, id, complaint_id, message_id, part, visibility, at, tsv)
      select ${org.id}::uuid, r.id, r.complaint, r.message_id, r.part, r.visibility, r.at, r.tsv::tsvector
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(complaint uuid, id uuid, message_id uuid, part int, visibility text, at timestamptz, tsv text)`
}

/** The rows of one item, for those who write many at once; what is too long for that is left to `indexRestLater`. */
export function searchRows(org: { no: number }, item: Searchable): ReturnType<typeof rowsOf> {
  return rowsOf(org, item, chunks(item.text).slice(0, item.messageId ? partsAtOnce : undefined))
}

function inserting(org: string, complaintId: string, rows: ReturnType<typeof rowsOf>): RawBuilder<unknown> {
  return sql`insert into search_row (org_id, id, complaint_id, message_id, part, visibility, at, tsv)
      select ${org}::uuid, r.id, ${complaintId}::uuid, r.message_id, r.part, r.visibility, r.at, r.tsv::tsvector
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, message_id uuid, part int, visibility text, at timestamptz, tsv text)`
}

function rowsOf(org: { no: number }, item: Omit<Searchable, 'text'>, texts: readonly string[], first = 0) {
  return texts.map((text, i) => ({
    id: newId(item.at),
    message_id: item.messageId,
    part: first + i,
    visibility: item.visibility,
    at: new Date(item.at).toISOString(),
    tsv: toTsvectorText(text, i === texts.length - 1 ? item.who : '') + places(org.no, item.at),
  }))
}

/** Writes the head row anew: number, title, names and identities have changed. */
export async function replaceHead(
  tx: Tx,
  org: { id: string; no: number },
  complaintId: string,
  at: number,
  head: Pick<Searchable, 'text' | 'who'>,
): Promise<void> {
  await tx.client.query('select forget_head($1, $2)', [org.id, complaintId])
  await addSearchRows(tx, org, complaintId, [{ messageId: null, visibility: 'public', at, ...head }])
}

/** One part of a message that is not there yet; for the worker, which may come twice. */
export function addingPart(
  org: { id: string; no: number },
  complaintId: string,
  item: Omit<Searchable, 'text'> & { readonly messageId: string },
  given: { readonly part: number; readonly text: string },
): RawBuilder<unknown> {
  const missing = sql` where not exists (select from search_row s where s.org_id = ${org.id} and s.complaint_id = ${complaintId}
    and s.message_id = ${item.messageId} and s.part = ${given.part})`
  return sql`${inserting(org.id, complaintId, rowsOf(org, item, [given.text], given.part))}${missing}`
}
