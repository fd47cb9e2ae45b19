import {
  type Calendars,
  lapse,
  replan,
  replanForSeverity,
  settle,
  starterPolicy,
} from '../../../clocks/domain/index.ts'
import type { NewEvent } from '../event.ts'
import type { Severity } from '../severity.ts'
import { apply, type Changes, type ComplaintClock, type ComplaintState, fold } from '../state.ts'
import { isSame } from './same.ts'

export type Told = Pick<NewEvent, 'type' | 'payload'> & { readonly seq: number; readonly at: number }

export type OwnClocks = {
  readonly receivedAt: number
  readonly clocks: ReadonlyMap<string, ComplaintClock>
  /** Clocks that came with a merged complaint, by the id of that complaint. */
  readonly takenFrom: ReadonlyMap<string, string>
  readonly severity: Weight
  /** Somebody weighed it after the last merge: that stands, whatever is taken back. */
  readonly assessedSince: boolean
}

type Weight = Pick<ComplaintState, 'severity' | 'impact' | 'likelihood' | 'flags'>

/** A complaint's receipt and clocks as its own history makes them, without the dates it took over at merges. */
export function ownClocks(id: string, events: readonly Told[], calendars: Calendars): OwnClocks {
  let state = fold(id, [])
  let receivedAt = 0
  let { severity, impact, likelihood, flags }: Weight = state
  let assessedSince = false
  const clocks = new Map<string, ComplaintClock>()
  const takenFrom = new Map<string, string>()
  for (const e of events) {
    const { changes, facts } = e.payload
    const before = state
    state = apply(before, e.seq, changes)
    if (e.type === 'absorbed' || e.type === 'released') {
      const took = (facts.took ?? {}) as Readonly<Record<string, string>>
      const taken = (changes.clocks ?? []).filter((c) => !clocks.has(c.id) && !takenFrom.has(c.id))
      for (const c of taken) takenFrom.set(c.id, took[c.id] ?? String(facts.from))
      if (e.type === 'absorbed') assessedSince = false
      continue
    }
    receivedAt = changes.set?.receivedAt ?? receivedAt
    const weighed = changes.set?.severity
    // As grave as the merge had made it already: the event left the dates alone, the own ones still have to follow.
    if (weighed && severity && weighed !== severity && weighed === before.severity)
      for (const c of replanned([...clocks.values()], weighed as Severity, e.at, calendars)) clocks.set(c.id, c)
    if (weighed) assessedSince = true
    ;({ severity, impact, likelihood, flags } = { severity, impact, likelihood, flags, ...weightOf(changes) })
    for (const c of changes.clocks ?? []) {
      if (takenFrom.has(c.id)) continue
      const was = before.clocks.find((b) => b.id === c.id)
      const own = clocks.get(c.id)
      clocks.set(c.id, own && was && !isSame(own, was) ? carried(own, { was, is: c, event: e, calendars }) : c)
    }
  }
  return { receivedAt, clocks, takenFrom, severity: { severity, impact, likelihood, flags }, assessedSince }
}

function weightOf({ set = {}, flags }: Changes): Partial<Weight> {
  const { severity, impact, likelihood } = set
  return Object.fromEntries(Object.entries({ severity, impact, likelihood, flags }).filter(([, v]) => v !== undefined))
}

function replanned(clocks: readonly ComplaintClock[], severity: Severity, at: number, calendars: Calendars) {
  const before = clocks.filter((c) => c.settledAt === null)
  const after = replanForSeverity(before, { severity, at, policy: starterPolicy, calendars })
  return before.map((c, i): ComplaintClock => ({ ...c, ...after[i] }))
}

const ends = new Set(['closed', 'withdrawn', 'redirected', 'merged'])

type Step = {
  readonly was: ComplaintClock
  readonly is: ComplaintClock
  readonly event: Told
  readonly calendars: Calendars
}

/** What happened to the clock under taken-over dates, done to the clock under its own. */
function carried(own: ComplaintClock, { was, is, event, calendars }: Step): ComplaintClock {
  if (!isSame(was.cause, is.cause)) return retargeted(own, is, calendars)
  if (is.settledAt === null) {
    const again: ComplaintClock = { ...own, state: 'running', settledAt: null, breachedAt: null }
    if (is.state === 'breached') return { ...again, ...lapse(again, event.at) }
    return is.state === 'running' ? again : is
  }
  if (!ends.has(event.type)) return { ...own, ...settle(own, is.settledAt) }
  const late = { ...own, ...lapse(own, is.settledAt) }
  return { ...late, state: late.state === 'running' ? 'cancelled' : late.state, settledAt: is.settledAt }
}

// Another severity counts from the own start; a date that was set since for a reason of its own stays as it was set.
function retargeted(own: ComplaintClock, is: ComplaintClock, calendars: Calendars): ComplaintClock {
  const { cause, target, policy, milestone, pausable } = is
  if (cause.rule !== 'target_changed' || cause.changed !== 'severity') return is
  const { changed, value, at } = cause
  return { ...own, ...replan(own, target, { at, changed, value, calendars, policy }), milestone, pausable }
}
