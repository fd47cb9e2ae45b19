import { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { Finding } from './finding.ts'
import { type Counted, type Lane, verifyLane } from './verify-lane.ts'
import type { LaneJob, LaneSaid } from './verify-worker.ts'

/** Below this a second thread costs more than it brings. */
export const worthAThread = 20_000

/** Checks all complaints of an organisation: one half here, the other in a second thread when there are many. */
export async function verifyComplaints(
  db: Database,
  org: string,
  tell: (finding: Finding) => void,
  many = worthAThread,
): Promise<Counted> {
  const url = db.pool.options.connectionString
  const middle = url === undefined ? undefined : await middleOf(db, org, many)
  if (url === undefined || middle === undefined) return verifyLane(db, { org }, tell)
  const lanes = await Promise.allSettled([
    verifyLane(db, { org, upto: middle }, tell),
    inThread({ url, lane: { org, after: middle } }, tell),
  ])
  const [a, b] = lanes.map((lane) => {
    if (lane.status === 'rejected') throw lane.reason
    return lane.value
  }) as [Counted, Counted]
  return {
    complaints: a.complaints + b.complaints,
    events: a.events + b.events,
    clocks: a.clocks + b.clocks,
    messages: a.messages + b.messages,
  }
}

/** The id that halves the complaints; undefined when they are not many. */
async function middleOf(db: Database, org: string, many: number): Promise<Lane['upto']> {
  return db.withoutScope(async (tx) => {
    const counted = await tx.first<{ n: number }>(sql`select count(*)::int as n from complaint where org_id = ${org}`)
    const n = counted?.n ?? 0
    if (n < many) return undefined
    const half = Math.floor(n / 2)
    const row = await tx.first<{ id: string }>(
      sql`select id from complaint where org_id = ${org} order by id offset ${half} limit 1`,
    )
    return row?.id
  })
}

function inThread(job: LaneJob, tell: (finding: Finding) => void): Promise<Counted> {
  const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { workerData: job })
  return new Promise((resolve, reject) => {
    let counted: Counted | undefined
    worker.on('message', (said: LaneSaid) => {
      if ('finding' in said) tell(said.finding)
      else counted = said.counted
    })
    worker.on('error', reject)
    worker.on('exit', () => (counted ? resolve(counted) : reject(new Error('the verifying thread ended early'))))
  })
}
