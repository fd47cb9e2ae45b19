import { sql } from 'kysely'
import type { Scope, Tx } from '../kit/db/database.ts'

/** From here on the running transaction sees what this actor sees: the settings that withScope sets at its start. */
export async function actAs(tx: Tx, scope: Scope): Promise<void> {
  const list = (ids: readonly string[]) => `{${ids.join(',')}}`
  const chain = scope.chain ?? (scope.staff ? [scope.staff] : [])
  await tx.run(
    sql`select set_config('app.staff', ${scope.staff ?? ''}, true), set_config('app.teams', ${list(scope.teams ?? [])}, true),
      set_config('app.chain', ${list(chain)}, true), set_config('app.scope', ${scope.scope ?? 'none'}, true)`,
    'demo-act-as',
  )
}
