import type { Database } from '../kit/db/database.ts'
import type { Wakes } from '../kit/stream/wake.ts'
import type { StaffActor } from '../people/index.ts'
import { keyOf } from './counts.ts'
import { countMatching, type Filters } from './queries.ts'

export type Counted = { readonly count: number; readonly exact: boolean }
type Kept = Counted & { readonly at: number; dirty: boolean }

export type FilterCounts = {
  /**
   * What these filters find for this reader, in their order: open ones exactly and at most two seconds old, those with ended
   * ones as far as a thousand.
   */
  of(actor: StaffActor, filters: readonly Filters[], now: number): Promise<Counted[]>
  close(): void
}

/** With the wake-up's way what is counted stays under two seconds old. */
const freshMs = 1_000
const mostEnded = 1_000
const mostKept = 5_000

/** Counts once per distinct filter and reader's scope when something in the organisation changed, whoever asks how often. */
export function openFilterCounts(db: Database, wakes: Pick<Wakes, 'on'>): FilterCounts {
  const kept = new Map<string, Kept>()
  const counting = new Map<string, Promise<Kept>>()
  const stop = wakes.on((org) => {
    for (const [key, one] of kept) if (org === undefined || key.startsWith(org)) one.dirty = true
  })
  const fresh = (one: Kept | undefined, filter: Filters, now: number) => {
    if (!one || now < one.at) return false
    // What is due moves by itself.
    return now - one.at < freshMs || (!one.dirty && filter.due === undefined)
  }
  const countOne = async (actor: StaffActor, filter: Filters, now: number): Promise<Kept> => {
    const most = filter.open === 'true' ? undefined : mostEnded
    const found = await db.withScope(actor.scope, (tx) => countMatching(tx, actor, filter, now, most), 'read')
    return { ...found, at: now, dirty: false }
  }
  const of = async (actor: StaffActor, filter: Filters, now: number): Promise<Kept> => {
    const key = `${keyOf(actor.scope)}|${actor.zone}|${nameOf(filter)}`
    const known = kept.get(key)
    if (known && fresh(known, filter, now)) return known
    const running = counting.get(key) ?? countOne(actor, filter, now)
    counting.set(key, running)
    try {
      const one = await running
      if (kept.size >= mostKept) kept.clear()
      kept.set(key, one)
      return one
    } finally {
      counting.delete(key)
    }
  }
  return {
    async of(actor, filters, now) {
      const all: Counted[] = []
      // In turn: one reader with many views must not take every connection.
      for (const filter of filters) {
        const { count, exact } = await of(actor, filter, now)
        all.push({ count, exact })
      }
      return all
    },
    close: stop,
  }
}

/** The same for the same filter, in whatever order it was said. */
function nameOf(filter: Filters): string {
  return JSON.stringify(
    Object.entries(filter)
      .filter(([, v]) => v !== undefined)
      .sort(),
  )
}
