import pg from 'pg'

/** A table as a backup holds it. */
export type Table = { readonly schema: string; readonly name: string; readonly columns: readonly string[] }

/**
 * Not in a backup: the migrations (the manifest names them), the stream (a restored database begins a new epoch), the
 * chunks of files (kept as files, so that either store can take them up), and the replies kept two days for repetitions,
 * which repeat what stands elsewhere.
 */
const leftOut = new Set(['meta.migration', 'public.stream', 'public.blob_chunk', 'public.idempotency'])

/** Whether a backup leaves this table out; those of earlier versions may still hold it. */
export const isLeftOut = (t: Pick<Table, 'schema' | 'name'>) => leftOut.has(nameOf(t))
export const nameOf = (t: Pick<Table, 'schema' | 'name'>) => `${t.schema}.${t.name}`
export const quoted = (t: Pick<Table, 'schema' | 'name'>) =>
  `${pg.escapeIdentifier(t.schema)}.${pg.escapeIdentifier(t.name)}`
export const columnList = (t: Table) => t.columns.map((c) => pg.escapeIdentifier(c)).join(', ')

/** Every table of ours, those that others point to first. */
export async function tablesInOrder(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select n.nspname as schema, c.relname as name,
       (select json_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'auth', 'meta') and c.relkind in ('r', 'p') and not c.relispartition order by 1, 2`,
  )
  const links = await client.query<{ from: string; to: string }>(
    `select fn.nspname || '.' || f.relname as from, tn.nspname || '.' || t.relname as to from pg_constraint k
     join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace
     join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
     where k.contype = 'f' and k.conrelid <> k.confrelid`,
  )
  return sorted(
    rows.filter((t) => !isLeftOut(t)),
    links.rows,
  )
}

function sorted(tables: readonly Table[], links: readonly { from: string; to: string }[]): Table[] {
  const done: Table[] = []
  let left = [...tables]
  while (left.length > 0) {
    const waiting = new Set(left.map(nameOf))
    const free = left.filter((t) => !links.some((l) => l.from === nameOf(t) && waiting.has(l.to)))
    if (free.length === 0) throw new Error(`tables point at each other in a circle: ${[...waiting].join(', ')}`)
    done.push(...free)
    left = left.filter((t) => !free.includes(t))
  }
  return done
}
