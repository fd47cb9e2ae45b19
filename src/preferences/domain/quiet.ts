/** Quiet until an instant, and quiet hours of every day (`HH:MM`, over midnight where the end comes first). */
export type Quiet = {
  readonly until: string | null
  readonly daily: { readonly from: string; readonly to: string } | null
}

/** Whether nothing pops or sounds now. `clock` is the time of day at `now`, `HH:MM`, in the person's own zone. */
export function isQuiet({ until, daily }: Quiet, now: number, clock: string): boolean {
  if (until !== null && now < Date.parse(until)) return true
  if (daily === null || daily.from === daily.to) return false
  const { from, to } = daily
  return from < to ? from <= clock && clock < to : clock >= from || clock < to
}
