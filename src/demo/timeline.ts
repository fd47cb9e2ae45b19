import { withIntroduction } from './introductions.ts'
import { staff } from './staff.ts'
import type { Complaint, Link, Step } from './types.ts'

const hour = 3_600_000
const person = (key: string) => staff.find((one) => one.key === key)
const nameOf = (key: string) => person(key)?.name ?? key
const answers = (key: string) => person(key)?.roles.some((role) => role === 'handler' || role === 'team_lead') ?? false

/** Something to replay, at its instant (epoch ms). */
export type Moment = { readonly at: number; readonly complaint: Complaint } & (
  | { readonly what: 'record' }
  | { readonly what: 'step'; readonly step: Step }
  | { readonly what: 'link'; readonly link: Link }
)

/**
 * Everything that happened before `now`, in order of time; what happened to one complaint at the same instant stays in the
 * content's order.
 */
export function timeline(complaints: readonly Complaint[], now: number): Moment[] {
  const instant = (hoursAgo: number) => Math.round(now - hoursAgo * hour)
  const received = new Map(complaints.map((c) => [c.key, c.receivedHoursAgo]))
  const moments = complaints.flatMap((complaint): Moment[] => {
    return [
      { what: 'record', at: instant(complaint.receivedHoursAgo), complaint },
      ...withIntroduction(complaint, nameOf, answers).map(
        (step): Moment => ({ what: 'step', at: instant(step.at), complaint, step }),
      ),
      ...(complaint.links ?? []).map((link): Moment => {
        const both = Math.min(complaint.receivedHoursAgo, received.get(link.to) ?? 0)
        return { what: 'link', at: instant(both), complaint, link }
      }),
    ]
  })
  return moments.sort((a, b) => a.at - b.at || rank(a) - rank(b))
}

// Two complaints are linked once both are there.
const rank = (moment: Moment) => (moment.what === 'record' ? 0 : 1)
