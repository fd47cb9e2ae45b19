import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import { allCalendars } from './calendars.ts'
import { checkComplaint } from './check-complaint.ts'
import type { Finding } from './finding.ts'
import { guardedAsync } from './guarded.ts'
import { readBatch, readOne } from './read-bundles.ts'
import { checkpointKey } from './signing.ts'
import { lastNight, rememberNight } from './remember.ts'
import type { VerifyApp } from './verify.ts'
import { verifyCheckpoints } from './verify-checkpoints.ts'
import { snapshot } from './verify-lane.ts'
import { verifyWhole } from './verify-whole.ts'

export type Night = { readonly ok: boolean; readonly complaints: number; readonly findings: readonly Finding[] }

const hour = 3_600_000
/** Small batches: between them the process answers requests. */
const [batch, changedAtMost] = [20, 20_000]

/**
 * Verifies what changed since the last time and as many of the others as fit into `forMs` (by `clock`, in ms), going on
 * where the last night stopped; checkpoints and whole-organisation checks too, files not. What it finds stays an alarm
 * until a whole `verifyAll` finds nothing.
 */
export async function verifyNightly(
  app: VerifyApp,
  { forMs = 20 * 60_000, clock = () => performance.now() } = {},
): Promise<Night> {
  const before = await lastNight(app.systemDb)
  const findings: Finding[] = []
  const cursors: Record<string, string | null> = {}
  let complaints = 0
  const orgs = await app.systemDb.withoutScope((tx) =>
    tx.rows<{ org: string; slug: string }>(sql`select org_id as org, slug from organisation order by no`),
  )
  for (const { org, slug } of orgs) {
    const until = clock() + forMs / orgs.length
    const tell = (finding: Finding) => void findings.push({ org: slug, ...finding })
    await guardedAsync('complaints', tell, async () => {
      complaints += await verifyChanged(app.systemDb, org, (before?.at ?? 0) - hour, tell)
      const slice = { org, after: before?.cursors[org] ?? undefined, goOn: () => clock() < until }
      const done = await verifySlice(app.systemDb, slice, tell)
      complaints += done.complaints
      cursors[org] = done.last
    })
    await verifyWhole(app.systemDb, org, app.now(), tell)
    await guardedAsync('checkpoints', tell, () => {
      const { publicKey } = checkpointKey(app.subkey('checkpoints'))
      const check = { org, publicKey, dataDir: app.config.dataDir, now: app.now() }
      return verifyCheckpoints(app.systemDb, check, tell)
    })
  }
  const ok = findings.length === 0 && before?.ok !== false
  await rememberNight(app.systemDb, { ok, at: app.now(), complaints, wrong: findings.length, cursors })
  return { ok, complaints, findings }
}

async function verifyChanged(db: Database, org: string, since: number, tell: (f: Finding) => void): Promise<number> {
  const calendarOf = await db.withoutScope((tx) => allCalendars(tx, org))
  const ids = await db.withoutScope((tx) =>
    tx.rows<{ id: string }>(
      sql`select id from complaint where org_id = ${org} and updated_at >= ${new Date(since)} order by updated_at desc limit ${changedAtMost}`,
    ),
  )
  for (const { id } of ids) {
    await guardedAsync(`complaint ${id}`, tell, async () => {
      const bundle = await snapshot(db, (tx) => readOne(tx, org, id, true))
      if (bundle) for (const finding of checkComplaint(org, bundle, calendarOf)) tell(finding)
    })
  }
  return ids.length
}

type Slice = { readonly org: string; readonly after: string | undefined; goOn(): boolean }

/** Gives where it stopped; null at the end: the next night begins anew. */
async function verifySlice(db: Database, { org, after, goOn }: Slice, tell: (f: Finding) => void) {
  const calendarOf = await db.withoutScope((tx) => allCalendars(tx, org))
  let complaints = 0
  let last: string | null = after ?? null
  do {
    const from: string | undefined = last ?? undefined
    const read = await snapshot(db, (tx) => readBatch(tx, org, from, undefined, batch))
    for (const bundle of read.bundles) for (const finding of checkComplaint(org, bundle, calendarOf)) tell(finding)
    complaints += read.bundles.length
    last = read.last
  } while (last !== null && goOn())
  return { complaints, last }
}
