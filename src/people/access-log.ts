import { sql } from 'kysely'
import type { Tx } from '../kit/db/database.ts'
import { newId } from '../kit/ids.ts'

/** Notes who looked at or changed what they need to answer for: sign-ins, accounts, keys, restricted complaints. */
export async function noteAccess(
  tx: Tx,
  entry: {
    org: string
    staffId: string | undefined
    what: string
    complaintId?: string
    facts?: Readonly<Record<string, unknown>>
  },
  now: number,
): Promise<void> {
  await tx.run(
    sql`insert into access_log (org_id, id, at, staff_id, what, complaint_id, facts)
        values (${entry.org}, ${newId(now)}, ${new Date(now)}, ${entry.staffId ?? null}, ${entry.what}, ${entry.complaintId ?? null},
          ${JSON.stringify(entry.facts ?? {})}::jsonb)`,
  )
}
