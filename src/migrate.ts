import { fileURLToPath } from 'node:url'
import { migrateDatabase } from './kit/db/migrate.ts'
import { searchFunction } from './search/search-function.ts'

/** Brings the database at `url` (a role that may create roles and schemas) to this version; gives what it ran. */
export function migrate(url: string): Promise<string[]> {
  return migrateDatabase(url, fileURLToPath(new URL('../db/migrations', import.meta.url)), [searchFunction])
}
