import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'

const atOnce = 500

/**
 * Removes files no attachment names (a swept draft, an upload given up) that were last put before `before` (epoch ms);
 * gives how many rows and how many files went. An upload puts its bytes first and its row after: bytes are judged by when
 * they were put, and go a run later than their row, so that a backup under way still finds them.
 */
export async function removeUnusedFiles(
  app: Pick<Services, 'db' | 'blobs'>,
  org: string,
  before: number,
): Promise<{ rows: number; files: number }> {
  const files = await app.blobs(org).sweep(before, (hashes) => unnamed(app.db, org, hashes))
  let rows = 0
  for (;;) {
    const gone = await forget(app.db, org, before)
    rows += gone
    if (gone < atOnce) return { rows, files }
  }
}

/** Which of these bytes no row names. */
async function unnamed(db: Database, org: string, hashes: readonly string[]): Promise<string[]> {
  const named = await db.withScope(
    { org },
    (tx) =>
      tx.rows<{ sha256: string }>(
        sql`select encode(sha256, 'hex') as sha256 from blob
            where org_id = ${org} and sha256 = any(select decode(h, 'hex') from unnest(${hashes}::text[]) h)`,
      ),
    'read',
  )
  const kept = new Set(named.map((row) => row.sha256))
  return hashes.filter((hash) => !kept.has(hash))
}

/** An upload of the same bytes makes the row young under its lock, so that it is not taken from under it. */
function forget(db: Database, org: string, before: number): Promise<number> {
  return db.withScope({ org }, (tx) =>
    tx.run(
      sql`delete from blob where org_id = ${org} and created_at < ${new Date(before)} and sha256 = any(array(
            select b.sha256 from blob b where b.org_id = ${org} and b.created_at < ${new Date(before)}
              and not exists (select from attachment a where a.org_id = b.org_id and a.sha256 = b.sha256)
              and not exists (select from import_run r where r.org_id = b.org_id and r.blob = b.sha256) limit ${atOnce}))`,
    ),
  )
}
