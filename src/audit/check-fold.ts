import { upcast } from '../complaints/domain/event.ts'
import { type ComplaintClock, type ComplaintState, fold, foldVersion } from '../complaints/domain/state.ts'
import { stateColumns } from '../complaints/store.ts'
import type { Bundle, ClockRow, ComplaintRow } from './bundle.ts'
import type { Finding } from './finding.ts'
import { sameParsed } from './parsed.ts'

type Wrong = Pick<Finding, 'code' | 'what'>

export function foldOf({ id, events }: Pick<Bundle, 'id' | 'events'>): ComplaintState {
  return fold(
    id,
    events.map((e) => ({ seq: e.seq, payload: upcast(e.type, e.v, e.payload) })),
  )
}

/** Where the state row, its lists, points and clocks differ from what the history says. */
export function checkFold(bundle: Bundle, row: ComplaintRow, state: ComplaintState): Wrong[] {
  if (row.fold_version !== foldVersion) return [{ code: 'audit.fold-outdated', what: 'run: redress refold' }]
  const columns = Object.entries(stateColumns(state)).filter(([name, value]) => !sameValue(row[name], value))
  const wrong: Wrong[] = []
  if (columns.length > 0) wrong.push({ code: 'audit.state-mismatch', what: columns.map(([name]) => name).join(' ') })
  const lists = differentLists(bundle, state)
  if (lists.length > 0) wrong.push({ code: 'audit.list-mismatch', what: lists.join(' ') })
  return [...wrong, ...checkClocks(bundle.clocks, state.clocks), ...checkPoints(bundle, state)]
}

/** A stored value (instants as epoch ms, jsonb parsed) and one of stateColumns (instants as ISO text, json as text). */
function sameValue(stored: unknown, said: unknown): boolean {
  if (stored === said) return true
  if (stored === null || stored === undefined || said === null || said === undefined)
    return (stored ?? null) === (said ?? null)
  if (typeof stored === 'number' && typeof said === 'string')
    return said === 'infinity' ? stored === Infinity : stored === Date.parse(said)
  if (typeof stored === 'object') {
    const value: unknown = typeof said === 'string' ? JSON.parse(said) : said
    return sameParsed(stored, value)
  }
  return false
}

function differentLists({ lists }: Bundle, state: ComplaintState): string[] {
  const said: Record<string, readonly string[]> = {
    flags: state.flags,
    access: state.access,
    subjects: state.subjects,
    helpers: state.helpers.map((h) => `${h.staffId} ${h.kind}`),
    links: state.links.map((l) => `${l.otherId} ${l.kind}`),
  }
  return Object.entries(said).flatMap(([name, keys]) => {
    const stored = lists.filter((l) => l.list === name)
    if (stored.length === 0 && keys.length === 0) return []
    const left = new Set(keys)
    const extra = stored.filter((l) => !left.delete(l.key))
    return extra.length > 0 || left.size > 0 ? [name] : []
  })
}

/** Column by field of a clock; instants are compared as epoch ms, json by its canonical text. */
const clockColumns: readonly (readonly [string, (c: ComplaintClock) => unknown])[] = [
  ['kind', (c) => c.kind],
  ['milestone', (c) => c.milestone],
  ['cycle', (c) => c.cycle],
  ['state', (c) => c.state],
  ['started_at', (c) => c.startedAt],
  ['due_at', (c) => c.dueAt],
  ['internal_due_at', (c) => c.internalDueAt],
  ['ended_at', (c) => c.settledAt],
  ['breached_at', (c) => c.breachedAt],
  ['provisional', (c) => c.provisional],
  ['pausable', (c) => c.pausable],
  ['target', (c) => c.target],
  ['cause', (c) => c.cause],
  ['policy', (c) => c.policy],
  ['calendar', (c) => c.calendar],
]

function checkClocks(rows: readonly ClockRow[], clocks: readonly ComplaintClock[]): Wrong[] {
  const byId = new Map(rows.map((r) => [r.id, r]))
  const wrong = clocks.flatMap((clock): Wrong[] => {
    const row = byId.get(clock.id)
    byId.delete(clock.id)
    if (!row) return [{ code: 'audit.clock-missing', what: clock.kind }]
    const columns = clockColumns.filter(([name, of]) => !sameValue(row[name], of(clock))).map(([name]) => name)
    return columns.length > 0 ? [{ code: 'audit.clock-mismatch', what: `${clock.kind}: ${columns.join(' ')}` }] : []
  })
  return [...wrong, ...[...byId.keys()].map((id) => ({ code: 'audit.clock-unknown', what: id }))]
}

function checkPoints({ points }: Bundle, state: ComplaintState): Wrong[] {
  const byId = new Map(points.map((p) => [p.id, p]))
  return state.points.flatMap((said): Wrong[] => {
    const row = byId.get(said.id)
    // A missing row is told by the check of texts, which knows of erasure.
    return row && (row.no !== said.no || row.finding !== said.finding)
      ? [{ code: 'audit.point-mismatch', what: `point ${said.no}` }]
      : []
  })
}
