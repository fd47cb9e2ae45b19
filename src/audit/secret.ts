import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import { fingerprint } from '../kit/secrets.ts'

const settingKey = 'secret-fingerprint'

/** This process holds another master secret than the one the database was begun with. */
export class SecretMismatch extends Error {
  override name = 'SecretMismatch'
}

/**
 * The first process writes the secret's fingerprint into the database; one with another secret throws `SecretMismatch`:
 * it could open no sealed value and no receipt code, and would sign checkpoints nobody can check.
 */
export async function assertSecret(systemDb: Database, master: Buffer): Promise<void> {
  const own = fingerprint(master)
  const known = await systemDb.withoutScope(async (tx) => {
    await tx.run(
      sql`insert into meta.setting (key, value) values (${settingKey}, ${JSON.stringify(own)}::jsonb) on conflict do nothing`,
    )
    return tx.first<{ value: string }>(sql`select value from meta.setting where key = ${settingKey}`)
  })
  if (known?.value === own) return
  throw new SecretMismatch(
    `this secret (${own}) is not the one of this database (${known?.value}): set REDRESS_SECRET, or put back data/secret.key`,
  )
}
