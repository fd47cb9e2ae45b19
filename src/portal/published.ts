import { addMinutes, type Calendars, openMinutesBetween } from '../clocks/domain/index.ts'

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
