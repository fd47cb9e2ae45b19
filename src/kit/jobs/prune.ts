import type { RawBuilder } from 'kysely'
import type { Database } from '../db/database.ts'

/** What may go after a while. `sql` deletes at most a few thousand rows at once, so that nobody waits for it. */
export type PruneRule = { readonly name: string; readonly sql: (now: number) => RawBuilder<unknown> }

const mostRounds = 1_000

/** Deletes by each rule until nothing is left of it; gives how many rows went. */
export async function prune(
  system: Database,
  rules: readonly PruneRule[],
  now: number,
): Promise<Record<string, number>> {
  const gone: Record<string, number> = {}
  for (const { name, sql } of rules) {
    let total = 0
    for (let round = 0; round < mostRounds; round++) {
      const rows = await system.withoutScope((tx) => tx.run(sql(now)))
      total += rows
      if (rows === 0) break
    }
    gone[name] = total
  }
  return gone
}
