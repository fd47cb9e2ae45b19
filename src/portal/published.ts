import { addMinutes, type Calendars, openMinutesBetween } from '../clocks/domain/index.ts'

/**
 * How a date of ours that is counted round the clock is said to the public (docs/decisions/0017-public-promises.md):
 * `working_hours`, as people who are there can keep it; `exact`, for an organisation that is there day and night.
 */
export const publishing = ['working_hours', 'exact'] as const
export type Publishing = (typeof publishing)[number]

/** The setting in force; what nobody has set, or not in words we know, is the default. */
export const publishingOf = (setting: string | null | undefined): Publishing =>
  publishing.find((p) => p === setting) ?? 'working_hours'

const minute = 60_000
/** Of the first open hour, what we owe at the latest: a person who comes in at nine needs until ten. */
const firstHour = 60

/**
 * The instant published for a target of so many minutes round the clock, due at `dueAt`: never earlier than that, at least
 * as much working time after the start (of it an hour at most), and never while nobody is there.
 */
export function publishedAt(startedAt: number, dueAt: number, minutes: number, { office }: Calendars): number {
  const worked = addMinutes(office, startedAt, Math.min(minutes, firstHour)).at
  const at = Math.max(dueAt, worked)
  const staffed = openMinutesBetween(office, at - minute, at) > 0
  return staffed ? at : addMinutes(office, at, firstHour).at
}
