import { hash as digest } from 'node:crypto'
import { genesis } from '../complaints/index.ts'
import { canonicalJson } from '../kit/pure/jcs.ts'
import type { Bundle, EventRow } from './bundle.ts'
import type { Finding } from './finding.ts'

type Wrong = Pick<Finding, 'code' | 'seq'>
const beforeFirst = genesis.toString('hex')

/** The first thing wrong with the history and its head; null when every event follows from the one before. */
export function checkChain(org: string, { id, row, events }: Pick<Bundle, 'id' | 'row' | 'events'>): Wrong | null {
  let prev = beforeFirst
  let seq = 0
  for (const e of events) {
    seq += 1
    if (e.seq !== seq) return { code: 'audit.event-missing', seq }
    if (e.prev !== prev) return { code: 'audit.prev-mismatch', seq }
    if (!hashHolds(org, id, e)) return { code: 'audit.hash-mismatch', seq }
    prev = e.hash
  }
  if (!row) return null
  if (row.version > seq) return { code: 'audit.tail-missing', seq: seq + 1 }
  if (row.version < seq) return { code: 'audit.state-behind', seq: row.version + 1 }
  return row.head === prev ? null : { code: 'audit.head-mismatch', seq }
}

function hashHolds(
  org: string,
  complaint: string,
  { seq, type, v, at, actor, payload, prev, hash }: EventRow,
): boolean {
  let text: string
  try {
    text = canonicalJson({ org, complaint, seq, type, v, at, actor, payload })
  } catch {
    // A payload that canonical JSON cannot say (a number beyond doubles) was never written by us.
    return false
  }
  return hashOf(prev, text) === hash
}

let space = Buffer.allocUnsafe(65_536)

/** sha256(prev ‖ text), as eventHash of src/complaints/chain.ts, in one call over one piece of memory. */
function hashOf(prev: string, text: string): string {
  const most = genesis.length + text.length * 3
  if (space.length < most) space = Buffer.allocUnsafe(most * 2)
  const start = space.write(prev, 'hex')
  return digest('sha256', space.subarray(0, start + space.write(text, start)), 'hex')
}
