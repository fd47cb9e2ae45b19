import type pg from 'pg'
import { nameOf, type Table, tablesInOrder } from '../../operations/tables.ts'

/**
 * What does not travel: chunks of files (files travel as files), the stream (it begins anew), replies kept for repetition,
 * the portal's unfinished forms (sealed for an hour), mails that try the way out (gone after a day), checkpoints (under audit/), and
 * keys of the API, which are credentials.
 */
const leftOut = new Set(['stream', 'blob_chunk', 'idempotency', 'portal_draft', 'checkpoint', 'api_key', 'mail_test'])

/** Columns that are secrets: their rows travel without them. */
const emptied: Readonly<Record<string, readonly string[]>> = { mailbox: ['secret'] }

/** Rows of an organisation that travel, with the columns that do; those that others point to first. */
export async function kindsInOrder(client: pg.ClientBase): Promise<Table[]> {
  const tables = await tablesInOrder(client)
  return tables
    .filter((t) => t.schema === 'public' && !leftOut.has(t.name))
    .map((t) => ({ ...t, columns: t.columns.filter((c) => !emptied[t.name]?.includes(c)) }))
}

/** The columns of a table's primary key, by name: the order in which its rows are written. */
export async function keysOf(client: pg.ClientBase): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await client.query<{ schema: string; name: string; columns: string[] }>(
    `select n.nspname as schema, c.relname as name, array_agg(a.attname::text order by k.no) as columns
     from pg_index x join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
       cross join lateral unnest(x.indkey) with ordinality k(attnum, no) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
     where x.indisprimary and n.nspname = 'public' group by 1, 2`,
  )
  return new Map(rows.map((r) => [nameOf(r), r.columns]))
}
