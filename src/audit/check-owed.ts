import { type ComplaintState, hasEnded } from '../complaints/domain/index.ts'
import type { Finding } from './finding.ts'

/** What is owed to others than ourselves: to the law, to an authority, to whoever asked for a review. */
const owedOutside = new Set(['statutory', 'authority', 'stage'])

/** An ended complaint that still owes an answer to the law, an authority or a review: nobody would give it. */
export function checkOwed(state: ComplaintState): Pick<Finding, 'code' | 'what'>[] {
  if (!hasEnded(state)) return []
  return state.clocks
    .filter((c) => owedOutside.has(c.kind) && c.settledAt === null && (c.state === 'running' || c.state === 'breached'))
    .map((c) => ({ code: 'audit.ended-owing', what: `${state.state}: ${c.kind}` }))
}
