import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../kit/db/database.ts'
import { badCursor, readPlace, writeCursor } from '../kit/http/cursor.ts'
import { normaliseOrderNumber } from '../language/index.ts'
import type { StaffActor } from '../people/index.ts'
import type { searchQuery } from './contract.ts'
import { toTsqueryText } from './domain/query.ts'

export type Query = z.infer<typeof searchQuery>
export type Found = { readonly complaint_id: string; readonly at: number; readonly message_id: string | null }

/** The ids alone of what a search finds, in its order, a page of them: for files, where the words that were found do not stand. */
export async function idsFound(
  tx: Tx,
  actor: StaffActor,
  query: Query,
): Promise<{ ids: string[]; next: string | null }> {
  const text = textOf(actor, query.q)
  if (text === null) return { ids: [], next: null }
  const found = await search(tx, query, text)
  return { ids: found.slice(0, query.limit).map((f) => f.complaint_id), next: nextOf(query, found) }
}

/** Where the next page begins; ranked results are one page. */
export function nextOf({ limit, order }: Pick<Query, 'limit' | 'order'>, found: readonly Found[]): string | null {
  const last = found[limit - 1]
  return found.length > limit && order === 'newest' && last ? writeCursor([last.at, last.complaint_id]) : null
}

/** What is searched for, as far as this person may search; null when there is nothing in it. */
export function textOf(actor: StaffActor, q: string): string | null {
  return queryText(q, actor.permissions.has('customer.read') ? 'with-names' : 'without-names')
}

/** An order number is kept in its normal form: one that is typed with marks is looked for in both. */
function queryText(q: string, who: 'with-names' | 'without-names'): string | null {
  const text = toTsqueryText(q, who)
  const order =
    /^\s*[\p{L}\p{N}]+(?:[-_ /.][\p{L}\p{N}]+)+\s*$/u.test(q) && /\p{N}{3}/u.test(q)
      ? normaliseOrderNumber(q)
      : undefined
  const asOrder = order ? toTsqueryText(order, who) : null
  return text && asOrder && asOrder !== text ? `(${text}) | (${asOrder})` : text
}

export function search(tx: Tx, query: Query, text: string): Promise<Found[]> {
  const { open, state, teamId, ownerId, type, channel } = query
  const filter = { ...(open === 'any' ? {} : { open: open === 'true' }), state, teamId, ownerId, type, channel }
  const place = placeOf(query)
  const ranked = query.order === 'ranked'
  // Everybody who may search may read notes; rows of restricted complaints are kept from others by visibility.
  return tx.rows(
    sql<Found>`select complaint_id, at, message_id from search_complaints(${text}, ${query.limit + 1}, ${ranked}, true, ${place?.at ?? null}::timestamptz, ${place?.id ?? null}::uuid, ${JSON.stringify(filter)}::jsonb)`,
  )
}

function placeOf({ cursor, order }: Query): { at: Date; id: string } | undefined {
  if (!cursor || order === 'ranked') return undefined
  const { at, id } = readPlace(cursor)
  if (at === 'infinity') throw badCursor()
  return { at, id }
}
