import type { Complaint, Link, Step } from './types.ts'

const hour = 3_600_000

/** Something to replay, at its instant (epoch ms). */
export type Moment = { readonly at: number; readonly complaint: Complaint } & (
  | { readonly what: 'record' }
  | { readonly what: 'step'; readonly step: Step; readonly before: number }
  | { readonly what: 'link'; readonly link: Link }
)

/**
 * Everything that happened before `now`, in order of time; what happened to one complaint at the same instant stays in the
 * content's order. `before` is the instant of what came before the step: whoever was asked to help was asked in between.
 */
export function timeline(complaints: readonly Complaint[], now: number): Moment[] {
  const instant = (hoursAgo: number) => Math.round(now - hoursAgo * hour)
  const received = new Map(complaints.map((c) => [c.key, c.receivedHoursAgo]))
  const moments = complaints.flatMap((complaint): Moment[] => {
    const started = instant(complaint.receivedHoursAgo)
    return [
      { what: 'record', at: started, complaint },
      ...complaint.steps.map((step, i): Moment => {
        const earlier = complaint.steps[i - 1]
        const before = earlier ? instant(earlier.at) : started
        return { what: 'step', at: instant(step.at), complaint, step, before }
      }),
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
