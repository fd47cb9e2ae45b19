import { type ComplaintClock, type ComplaintState, fold, foldVersion, upcast } from '../complaints/domain/index.ts'
import { stateColumns } from '../complaints/index.ts'
import type { Bundle, ClockRow, ComplaintRow } from './bundle.ts'
import type { Finding } from './finding.ts'
import { sameParsed } from './parsed.ts'
import { parseJson } from './raw.ts'
import { clockNames, stateNames } from './read-bundles.ts'

type Wrong = Pick<Finding, 'code' | 'what'>

export function foldOf({ id, events }: Pick<Bundle, 'id' | 'events'>): ComplaintState {
  return fold(
    id,
    events.map((e) => ({ seq: e.seq, payload: upcast(e.type, e.v, e.payload) })),
  )
}

/** Where the state row, its lists, points and clocks differ from what the history says. */
export function checkFold(bundle: Bundle, row: ComplaintRow, state: ComplaintState): Wrong[] {
  if (row.foldVersion !== foldVersion) return [{ code: 'audit.fold-outdated', what: 'run: redress refold' }]
  const said = stateColumns(state)
  const columns = stateNames.filter((name, i) => !sameValue(row.columns[i], said[name]))
  const wrong: Wrong[] = []
  if (columns.length > 0) wrong.push({ code: 'audit.state-mismatch', what: columns.join(' ') })
  const lists = differentLists(bundle, state)
  if (lists.length > 0) wrong.push({ code: 'audit.list-mismatch', what: lists.join(' ') })
  return [...wrong, ...checkClocks(bundle.clocks, state.clocks), ...checkPoints(bundle, state)]
}

/** A stored value (instants as ISO text, jsonb parsed) and one of stateColumns (json as text). */
function sameValue(stored: unknown, said: unknown): boolean {
  if (stored === said) return true
  if (typeof stored === 'object' && stored !== null && typeof said === 'string')
    return sameParsed(stored, parseJson(said))
  return said === undefined && stored === null
}

function differentLists({ lists }: Bundle, state: ComplaintState): string[] {
  const { flags, access, subjects, helpers, links } = state
  if (lists.length + flags.length + access.length + subjects.length + helpers.length + links.length === 0) return []
  const said: Record<string, readonly string[]> = {
    flags,
    access,
    subjects,
    helpers: helpers.map((h) => `${h.staffId} ${h.kind}`),
    links: links.map((l) => `${l.otherId} ${l.kind}`),
  }
  return Object.entries(said).flatMap(([name, keys]) => {
    const stored = lists.filter((l) => l.list === name)
    if (stored.length === 0 && keys.length === 0) return []
    const left = new Set(keys)
    const extra = stored.filter((l) => !left.delete(l.key))
    return extra.length > 0 || left.size > 0 ? [name] : []
  })
}

/** The columns of a clock as the history says them, in the order of `clockNames`. */
function clockColumns(c: ComplaintClock): readonly unknown[] {
  const { startedAt, dueAt, internalDueAt, settledAt, breachedAt } = c
  return [
    c.kind,
    c.milestone,
    c.cycle,
    c.state,
    iso(startedAt),
    iso(dueAt),
    iso(internalDueAt),
    iso(settledAt),
    iso(breachedAt),
    c.provisional,
    c.pausable,
    c.target,
    c.cause,
    c.policy,
    c.calendar,
    c.ownerId ?? null,
  ]
}

/** The clocks of a complaint start and end at a few instants: most are written once. */
const isoTexts = new Map<number, string>()

function iso(at: number | null): string | null {
  if (at === null) return null
  const met = isoTexts.get(at)
  if (met !== undefined) return met
  if (isoTexts.size >= 500) isoTexts.clear()
  const text = new Date(at).toISOString()
  isoTexts.set(at, text)
  return text
}

function checkClocks(rows: readonly ClockRow[], clocks: readonly ComplaintClock[]): Wrong[] {
  const byId = new Map(rows.map((r) => [r.id, r.columns]))
  const wrong: Wrong[] = []
  for (const clock of clocks) {
    const stored = byId.get(clock.id)
    byId.delete(clock.id)
    if (!stored) {
      wrong.push({ code: 'audit.clock-missing', what: clock.kind })
      continue
    }
    const said = clockColumns(clock)
    const columns = clockNames.filter((_, i) => !sameParsed(stored[i], said[i]))
    if (columns.length > 0) wrong.push({ code: 'audit.clock-mismatch', what: `${clock.kind}: ${columns.join(' ')}` })
  }
  for (const id of byId.keys()) wrong.push({ code: 'audit.clock-unknown', what: id })
  return wrong
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
