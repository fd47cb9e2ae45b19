import { localDay, silence } from '../../../clocks/domain/index.ts'
import type { ComplaintState } from '../state.ts'
import type { Facts } from './facts.ts'
import { givenInWords } from './granting.ts'

/** Tries to reach somebody before they are unreachable: so many, on so many channels and days (domain.md §0.6). */
const enough = { tries: 3, channels: 2, days: 2 }
const dayMs = 86_400_000

type Contradiction = { readonly code: string; readonly facts: Record<string, unknown> } | undefined

/** Where a closing reason says something else than the record. */
export function contradicting(state: ComplaintState, reasonCode: string, facts: Facts): Contradiction {
  // Withdrawn, redirected and merged end another way.
  if (['C4', 'C6', 'C7'].includes(reasonCode)) return { code: 'complaints.wrong-closing-reason', facts: { reasonCode } }
  if (reasonCode === 'C1') return notAccepted(state)
  if (reasonCode === 'C3') return notSilent(state, facts.now)
  return reasonCode === 'C5' ? reachable(state, facts) : undefined
}

/** Solved and accepted: what was promised has been done, and they said that they accept it. */
function notAccepted({ stance, remedyCode, remedyDoneAt }: ComplaintState): Contradiction {
  if (stance === 'not_accepted') return { code: 'complaints.not-accepted', facts: {} }
  if (remedyCode !== null && remedyDoneAt === null && !givenInWords.has(remedyCode))
    return { code: 'complaints.remedy-not-done', facts: { remedyCode } }
  return stance === 'accepted' ? undefined : { code: 'complaints.acceptance-missing', facts: {} }
}

/** No answer from them: they said nothing, had the time to, and somebody has tried to reach them. */
function notSilent({ stance, respondedAt, finalAt, attempts }: ComplaintState, now: number): Contradiction {
  if (stance !== null) return { code: 'complaints.wrong-closing-reason', facts: { reasonCode: 'C3' } }
  const days = Math.floor((now - Math.max(respondedAt ?? now, finalAt ?? 0)) / dayMs)
  if (days < silence.days) return { code: 'complaints.silence-too-short', facts: { days, needed: silence.days } }
  return attempts.length < silence.tries ? { code: 'complaints.not-tried', facts: {} } : undefined
}

function reachable({ attempts }: ComplaintState, { calendars: { office } }: Facts): Contradiction {
  const tried = {
    tries: attempts.length,
    channels: new Set(attempts.map((a) => a.channel)).size,
    days: new Set(attempts.map((a) => localDay(office, a.at))).size,
  }
  const short = (Object.keys(enough) as (keyof typeof enough)[]).some((of) => tried[of] < enough[of])
  return short ? { code: 'complaints.too-few-attempts', facts: { tried, enough } } : undefined
}
