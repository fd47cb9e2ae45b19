import type { Changes, ComplaintState, Fields } from '../../complaints/domain/state.ts'
import { canonicalJson } from '../../kit/pure/jcs.ts'

/**
 * What takes an event back: every field it set returns to what it was before, unless something later has changed it
 * again; clocks it settled run again, clocks it began are cancelled. Lists and points stay: they are decisions, not sending.
 */
export function undoOf(before: ComplaintState, after: ComplaintState, current: ComplaintState, now: number): Changes {
  const set: Record<string, unknown> = {}
  for (const key of fieldsChanged(before, after)) if (same(current[key], after[key])) set[key] = before[key]
  const clocks = after.clocks.flatMap((clock) => {
    const was = before.clocks.find((c) => c.id === clock.id)
    const is = current.clocks.find((c) => c.id === clock.id)
    if (same(was, clock) || !is || !same(is, clock)) return []
    return [was ?? { ...is, state: 'cancelled' as const, settledAt: now }]
  })
  return { set: set as Partial<Fields>, ...(clocks.length > 0 ? { clocks } : {}) }
}

const lists = new Set([
  'id',
  'version',
  'points',
  'clocks',
  'flags',
  'access',
  'subjects',
  'helpers',
  'links',
  'deciders',
])

function fieldsChanged(before: ComplaintState, after: ComplaintState): (keyof Fields)[] {
  return (Object.keys(after) as (keyof Fields)[]).filter((key) => !lists.has(key) && !same(before[key], after[key]))
}

function same(a: unknown, b: unknown): boolean {
  return (
    a === b ||
    canonicalJson(JSON.parse(JSON.stringify(a ?? null))) === canonicalJson(JSON.parse(JSON.stringify(b ?? null)))
  )
}
