import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'

/** Migrations of this program that the database does not have; all of them for an empty one. */
export async function pendingMigrations(client: pg.ClientBase): Promise<string[]> {
  const home = fileURLToPath(new URL('../../db/migrations', import.meta.url))
  const files = (await readdir(home)).filter((f) => /^\d{4}_.*\.sql$/.test(f)).sort()
  const known = await client.query<{ there: boolean }>(`select to_regclass('meta.migration') is not null as there`)
  if (!known.rows[0]?.there) return files
  const { rows } = await client.query<{ name: string }>('select name from meta.migration')
  const done = new Set(rows.map((r) => r.name))
  return files.filter((f) => !done.has(f))
}
