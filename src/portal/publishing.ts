/**
 * How a date of ours that is counted round the clock is said to the public (docs/decisions/0017-public-promises.md):
 * `working_hours`, as people who are there can keep it; `exact`, for an organisation that is there day and night.
 */
export const publishing = ['working_hours', 'exact'] as const
export type Publishing = (typeof publishing)[number]

/** The setting in force; what nobody has set, or not in words we know, is the default. */
export const publishingOf = (setting: string | null | undefined): Publishing =>
  publishing.find((p) => p === setting) ?? 'working_hours'
