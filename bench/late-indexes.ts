import type pg from 'pg'
import { tables } from './tables.ts'

/** Tables a foreign key points at: they can neither be emptied nor lose the key it needs. */
const pointedAt = `select confrelid, conindid from pg_constraint where contype = 'f'`

/** Tables that may be emptied: empty so far, and no foreign key points at them. */
export async function emptiable(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relname = any ($1) and c.relkind = 'r' and c.oid not in (select confrelid from (${pointedAt}) f)`,
    [laid],
  )
  return new Set(rows.map((r) => r.name))
}

const laid = [...Object.keys(tables), 'search_row']

/** Drops the indexes of what is laid, keys that foreign keys need excepted, and gives the statements that bring them back, the longest first. */
export async function dropLate(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; tbl: string; def: string; con: string | null }>(
    `select c.relname as name, i.indrelid::regclass::text as tbl, pg_get_indexdef(i.indexrelid) as def,
       (select pg_get_constraintdef(k.oid) from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u')) as con
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid::regclass::text = any ($1) and i.indexrelid not in (select conindid from (${pointedAt}) f)
     order by c.relname <> 'search_row_tsv', i.indrelid::regclass::text <> 'text_band', i.indrelid`,
    [laid],
  )
  for (const { name, tbl, con } of rows)
    await client.query(con ? `alter table ${tbl} drop constraint ${name}` : `drop index ${name}`)
  return rows.map(({ name, tbl, def, con }) => (con ? `alter table ${tbl} add constraint ${name} ${con}` : def))
}
