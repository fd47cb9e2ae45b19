import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'

/** What /metrics shows of the last whole verification (src/health.ts). */
export type Whole = { readonly ok: boolean; readonly complaints: number; readonly wrong: number; readonly at: number }
/** And of the last night, with where it stopped in each organisation. */
export type Remembered = Whole & { readonly cursors: Readonly<Record<string, string | null>> }

const [wholeKey, nightKey] = ['last-verify', 'last-nightly-verify']

/** A whole run that found nothing also ends the alarm of a night. */
export async function rememberWhole(db: Database, whole: Whole): Promise<void> {
  await write(db, wholeKey, whole)
  if (!whole.ok) return
  const night = await lastNight(db)
  if (night) await write(db, nightKey, { ...night, ok: true })
}

export async function rememberNight(db: Database, night: Remembered): Promise<void> {
  await write(db, nightKey, night)
}

export async function lastNight(db: Database): Promise<Remembered | undefined> {
  const row = await db.withoutScope((tx) =>
    tx.first<{ value: Omit<Remembered, 'at'> & { at: string } }>(
      sql`select value from meta.setting where key = ${nightKey}`,
    ),
  )
  return row && { ...row.value, at: Date.parse(row.value.at) }
}

async function write(db: Database, key: string, { at, ...more }: Whole): Promise<void> {
  const value = JSON.stringify({ ...more, at: new Date(at).toISOString() })
  await db.withoutScope((tx) =>
    tx.run(
      sql`insert into meta.setting (key, value) values (${key}, ${value}::jsonb) on conflict (key) do update set value = excluded.value`,
    ),
  )
}
