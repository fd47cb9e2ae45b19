import { sql } from 'kysely'
import type { BlobStore } from '../kit/blobs/blob-store.ts'
import type { Database } from '../kit/db/database.ts'
import type { Finding } from './finding.ts'

type Row = { sha256: string; size: number }
const page = 1000

/**
 * Every blob row has its bytes in the right size; `full` reads them all and compares hashes. Bytes without a row are no
 * fault (an upload in flight, or one given up) and only counted.
 */
export async function verifyBlobs(
  db: Database,
  org: string,
  store: BlobStore,
  full: boolean,
  tell: (finding: Finding) => void,
): Promise<{ blobs: number; unused: number }> {
  const kept = store.list()[Symbol.asyncIterator]()
  let at = await kept.next()
  let [blobs, unused] = [0, 0]
  for await (const row of rowsOf(db, org)) {
    blobs += 1
    for (; !at.done && at.value.sha256 < row.sha256; at = await kept.next()) unused += 1
    const found = !at.done && at.value.sha256 === row.sha256 ? at.value : undefined
    if (found) at = await kept.next()
    const what = `sha256 ${row.sha256}`
    if (!found) tell({ code: 'audit.blob-missing', what })
    else if (found.size !== row.size) tell({ code: 'audit.blob-size', what })
    else if (full && (await store.check(row.sha256)) !== 'good') tell({ code: 'audit.blob-corrupt', what })
  }
  for (; !at.done; at = await kept.next()) unused += 1
  return { blobs, unused }
}

/** In order of hash, as the stores list them; a short transaction a page, because reading files may take hours. */
export async function* rowsOf(db: Database, org: string): AsyncGenerator<Row> {
  let rows: Row[] = []
  do {
    const after = rows.at(-1)?.sha256 ?? ''
    rows = await db.withoutScope((tx) =>
      tx.rows<Row>(
        sql`select encode(sha256, 'hex') as sha256, size from blob where org_id = ${org} and sha256 > decode(${after}, 'hex') order by sha256 limit ${page}`,
      ),
    )
    yield* rows
  } while (rows.length === page)
}
