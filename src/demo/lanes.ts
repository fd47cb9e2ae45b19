import type { Complaint, Locale } from './types.ts'
import type { Moment } from './timeline.ts'

const crowded: Locale = 'zh-Hant'

/**
 * The moments in two lanes that know nothing of each other, each in order: what is linked, merged or of one customer is in one
 * lane, and so is a language, since what says the same is looked for among what was said before.
 */
export function lanesOf(moments: readonly Moment[], complaints: readonly Complaint[]): readonly Moment[][] {
  const first = reachedFrom(complaints, ({ locale }) => locale === crowded)
  return [
    moments.filter(({ complaint }) => first.has(complaint.key)),
    moments.filter(({ complaint }) => !first.has(complaint.key)),
  ]
}

/** The keys of these complaints and of all that hang together with them. */
function reachedFrom(complaints: readonly Complaint[], begins: (one: Complaint) => boolean): ReadonlySet<string> {
  const reached = new Set(complaints.filter(begins).map(({ key }) => key))
  const beside = new Map<string, string[]>()
  for (const one of complaints)
    for (const other of tiesOf(one)) {
      beside.set(one.key, [...(beside.get(one.key) ?? []), other])
      beside.set(other, [...(beside.get(other) ?? []), one.key])
    }
  for (const key of reached) for (const other of beside.get(key) ?? []) reached.add(other)
  return reached
}

function tiesOf({ links = [], steps, customer }: Complaint): string[] {
  const merged = steps.flatMap((step) => (step.do === 'merge' ? [step.into] : []))
  return [...links.map(({ to }) => to), ...merged, ...(customer === 'anonymous' ? [] : [`customer ${customer}`])]
}
