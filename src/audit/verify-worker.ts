import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../kit/db/database.ts'
import type { Finding } from './finding.ts'
import { type Counted, type Lane, verifyLane } from './verify-lane.ts'

/** What the second thread is given, and what it says. */
export type LaneJob = { readonly url: string; readonly lane: Lane }
export type LaneSaid = { readonly finding: Finding } | { readonly counted: Counted }

/** Runs as a thread of its own (verify-complaints.ts). An error ends the thread and comes out there. */
const { url, lane } = workerData as LaneJob
const say = (said: LaneSaid) => parentPort?.postMessage(said)
const db = openDatabase(url, { role: 'redress_system', max: 2, statementTimeoutMs: 600_000 })
try {
  say({ counted: await verifyLane(db, lane, (finding) => say({ finding })) })
} finally {
  await db.close()
}
