import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import type { Bundle } from './bundle.ts'
import { readBatch, readOne } from './read-bundles.ts'
import { allCalendars } from './calendars.ts'
import { checkComplaint } from './check-complaint.ts'
import type { Finding } from './finding.ts'
import { guardedAsync, isOfData } from './guarded.ts'

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
  const read = (from?: string) =>
    snapshot(db, (tx) => readBatch(tx, org, from, upto)).catch((error: unknown) => {
      if (!isOfData(error)) throw error
      return readSingly(db, org, { after: from, upto }, tell)
    })
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

const singly = 200

/** A batch that cannot be read as one, complaint by complaint: the one that cannot be read hides no other. */
async function readSingly(
  db: Database,
  org: string,
  { after, upto }: Pick<Lane, 'after' | 'upto'>,
  tell: (finding: Finding) => void,
): Promise<{ bundles: Bundle[]; last: string | null }> {
  const ids = await db.withoutScope((tx) =>
    tx.rows<{ id: string }>(
      sql`select id from complaint where org_id = ${org} and (${after ?? null}::uuid is null or id > ${after ?? null}::uuid)
          and (${upto ?? null}::uuid is null or id <= ${upto ?? null}::uuid) order by id limit ${singly}`,
    ),
  )
  const bundles: Bundle[] = []
  for (const { id } of ids) {
    await guardedAsync(`complaint ${id}`, tell, async () => {
      const bundle = await snapshot(db, (tx) => readOne(tx, org, id, true))
      if (bundle) bundles.push(bundle)
    })
  }
  return { bundles, last: ids.length === singly ? (ids.at(-1)?.id ?? null) : null }
}

/** One moment for all statements of a batch: a complaint that changes meanwhile must not look damaged. */
export function snapshot<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.withoutScope(async (tx) => {
    await tx.run(sql`set transaction isolation level repeatable read read only`)
    return work(tx)
  })
}
