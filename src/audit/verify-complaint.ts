import type { Tx } from '../kit/db/database.ts'
import { readOne } from './read-bundles.ts'
import { allCalendars } from './calendars.ts'
import { checkComplaint } from './check-complaint.ts'
import type { Finding } from './finding.ts'

export type Verification = {
  readonly ok: boolean
  readonly events: number
  /** The hash of the last event, in hex. */
  readonly head: string
  readonly problems: readonly Finding[]
}

/**
 * Checks one complaint: chain, fold, clocks, words. Undefined when there is no such complaint. Use a repeatable-read
 * transaction, else a change in between looks like damage. Search rows are left out: the app role may not read them.
 */
export async function verifyComplaint(tx: Tx, org: string, id: string): Promise<Verification | undefined> {
  const bundle = await readOne(tx, org, id, false)
  if (!bundle?.row) return undefined
  const problems = checkComplaint(org, bundle, await allCalendars(tx, org))
  return {
    ok: problems.length === 0,
    events: bundle.events.length,
    head: bundle.row.head,
    problems,
  }
}
