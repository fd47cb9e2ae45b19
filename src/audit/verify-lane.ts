import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import { readBatch } from './read-bundles.ts'
import { allCalendars } from './calendars.ts'
import { checkComplaint } from './check-complaint.ts'
import type { Finding } from './finding.ts'

/** A stretch of complaint ids: after `after`, up to and with `upto`; both ends open when absent. */
export type Lane = { readonly org: string; readonly after?: string | undefined; readonly upto?: string | undefined }
export type Counted = { complaints: number; events: number; clocks: number; messages: number }

/** Checks the complaints of a lane, the next batch being read while this one is checked. */
export async function verifyLane(
  db: Database,
  { org, after, upto }: Lane,
  tell: (finding: Finding) => void,
): Promise<Counted> {
  const counted: Counted = { complaints: 0, events: 0, clocks: 0, messages: 0 }
  const calendarOf = await db.withoutScope((tx) => allCalendars(tx, org))
  const read = (from?: string) => snapshot(db, (tx) => readBatch(tx, org, from, upto))
  let next: ReturnType<typeof read> | null = read(after)
  while (next) {
    const { bundles, last }: Awaited<ReturnType<typeof read>> = await next
    next = last ? read(last) : null
    // The reader's failure is met where it is awaited; a check that throws must not leave it unhandled.
    next?.catch(() => undefined)
    for (const bundle of bundles) {
      for (const finding of checkComplaint(org, bundle, calendarOf)) tell(finding)
      counted.complaints += bundle.row ? 1 : 0
      counted.events += bundle.events.length
      counted.clocks += bundle.clocks.length
      counted.messages += bundle.messages.length
    }
  }
  return counted
}

/** One moment for all statements of a batch: a complaint that changes meanwhile must not look damaged. */
function snapshot<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.withoutScope(async (tx) => {
    await tx.run(sql`set transaction isolation level repeatable read read only`)
    return work(tx)
  })
}
