import { createHash } from 'node:crypto'
import { genesis } from '../complaints/chain.ts'
import type { Bundle, EventRow } from './bundle.ts'
import type { Finding } from './finding.ts'
import { canonicalOfParsed } from './parsed.ts'

type Wrong = Pick<Finding, 'code' | 'seq'>

/** The first thing wrong with the history and its head; null when every event follows from the one before. */
export function checkChain(org: string, { id, row, events }: Pick<Bundle, 'id' | 'row' | 'events'>): Wrong | null {
  let prev: Buffer = genesis
  let seq = 0
  for (const e of events) {
    seq += 1
    if (e.seq !== seq) return { code: 'audit.event-missing', seq }
    if (!e.prev.equals(prev)) return { code: 'audit.prev-mismatch', seq }
    if (!hashHolds(org, id, e)) return { code: 'audit.hash-mismatch', seq }
    prev = e.hash
  }
  if (!row) return null
  if (row.version > seq) return { code: 'audit.tail-missing', seq: seq + 1 }
  if (row.version < seq) return { code: 'audit.state-behind', seq: row.version + 1 }
  return row.head.equals(prev) ? null : { code: 'audit.head-mismatch', seq }
}

function hashHolds(org: string, complaint: string, e: EventRow): boolean {
  const { seq, type, v, actor, payload } = e
  try {
    // eventHash of src/complaints/chain.ts, with the quicker canonical text.
    const at = new Date(e.at).toISOString()
    const text = canonicalOfParsed({ org, complaint, seq, type, v, at, actor, payload })
    return createHash('sha256').update(e.prev).update(text).digest().equals(e.hash)
  } catch {
    // A payload that canonical JSON cannot say (a number beyond doubles) was never written by us.
    return false
  }
}
