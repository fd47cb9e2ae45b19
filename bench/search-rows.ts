import type pg from 'pg'
import { openSink } from './copy.ts'
import type { Body } from './words.ts'

/**
 * Search rows are half of a world, and their lexemes come from some thousand texts: those are read in once, and a row
 * names its text. What is put together is what the program would have written.
 */
export async function stageSearchRows(client: pg.Client): Promise<void> {
  await client.query(`create unlogged table bench_body (body int, part int, tsv tsvector);
    alter table bench_body alter tsv set storage external;
    create unlogged table bench_search_row (org_id uuid, id uuid, complaint_id uuid, message_id uuid, part int,
      visibility text, at timestamptz, body int, more tsvector)`)
}

export async function stageBodies(url: string, bodies: readonly Body[]): Promise<void> {
  const sink = await openSink(url, 'bench_body', ['body', 'part', 'tsv'], true)
  for (const { no, tsvs } of bodies) for (const [part, tsv] of tsvs.entries()) sink.row([no, part, tsv])
  await sink.end()
}

/** Writes the search rows in the order they were staged. Gives how many. */
export async function putSearchRows(client: pg.Client): Promise<number> {
  await client.query('analyze bench_body, bench_search_row')
  await client.query('begin')
  await client.query(`set local work_mem = '256MB'; set local enable_mergejoin = off; truncate search_row`)
  const { rowCount } = await client.query(
    `insert into search_row (org_id, id, complaint_id, message_id, part, visibility, at, tsv)
     select r.org_id, r.id, r.complaint_id, r.message_id, r.part, r.visibility, r.at, coalesce(b.tsv, '') || r.more
     from bench_search_row r left join bench_body b on b.body = r.body and b.part = r.part`,
  )
  await client.query('drop table bench_body, bench_search_row')
  await client.query('commit')
  return rowCount ?? 0
}
