import type { Clock } from '../contract.ts'

/** Labels nearer than this (percent of the line) would run into each other. */
const GAP = 17

export type Mark = { readonly clock: Clock; readonly at: number }

/**
 * Where each clock stands on the line (0–100). Time is drawn on a root scale, since an hour and fifteen days share one
 * line; order is always true, marks keep a readable distance, and legal dates stay last.
 */
export function placeMarks(clocks: readonly Clock[], from: number, now: number): { marks: Mark[]; nowAt: number } {
  const ordered = [...clocks].sort((a, b) => timeOf(a) - timeOf(b))
  const last = Math.max(...ordered.map(timeOf), now, from + 1)
  const scale = (time: number) => 100 * Math.sqrt(Math.max(0, time - from) / (last - from))
  const gap = Math.min(GAP, ordered.length > 1 ? 100 / (ordered.length - 1) : GAP)
  const places = ordered.map((c) => scale(timeOf(c)))
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i] ?? 0, (places[i - 1] ?? 0) + gap)
  for (let i = places.length - 1; i >= 0; i--) {
    const limit = i === places.length - 1 ? 100 : (places[i + 1] ?? 100) - gap
    places[i] = Math.min(places[i] ?? 0, limit)
  }
  const marks = ordered.map((clock, i) => ({ clock, at: Math.max(0, places[i] ?? 0) }))
  return { marks, nowAt: between(marks, scale(now), now) }
}

/** Marks were moved apart: "now" has to stay on its side of each of them. */
function between(marks: readonly Mark[], at: number, now: number): number {
  const before = Math.max(0, ...marks.filter((m) => timeOf(m.clock) <= now).map((m) => m.at))
  const after = Math.min(100, ...marks.filter((m) => timeOf(m.clock) > now).map((m) => m.at))
  return Math.min(Math.max(at, before), after)
}

function timeOf(clock: Clock): number {
  const running = clock.state === 'running' || clock.state === 'paused'
  return Date.parse((running ? (clock.dueAt ?? clock.endedAt) : (clock.endedAt ?? clock.dueAt)) ?? clock.startedAt)
}
