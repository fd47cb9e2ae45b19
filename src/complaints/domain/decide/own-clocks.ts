import { lapse, replan, settle } from '../../../clocks/domain/clock-life.ts'
import type { Calendars } from '../../../clocks/domain/targets.ts'
import type { NewEvent } from '../event.ts'
import { apply, type ComplaintClock, fold } from '../state.ts'
import { isSame } from './same.ts'

export type Told = Pick<NewEvent, 'type' | 'payload'> & { readonly seq: number; readonly at: number }

export type OwnClocks = {
  readonly receivedAt: number
  readonly clocks: ReadonlyMap<string, ComplaintClock>
  /** Clocks that came with a merged complaint, by the id of that complaint. */
  readonly takenFrom: ReadonlyMap<string, string>
}

/** A complaint's receipt and clocks as its own history makes them, without the dates it took over at merges. */
export function ownClocks(id: string, events: readonly Told[], calendars: Calendars): OwnClocks {
  let state = fold(id, [])
  let receivedAt = 0
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
      continue
    }
    receivedAt = changes.set?.receivedAt ?? receivedAt
    for (const c of changes.clocks ?? []) {
      if (takenFrom.has(c.id)) continue
      const was = before.clocks.find((b) => b.id === c.id)
      const own = clocks.get(c.id)
      clocks.set(c.id, own && was && !isSame(own, was) ? carried(own, { was, is: c, event: e, calendars }) : c)
    }
  }
  return { receivedAt, clocks, takenFrom }
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
