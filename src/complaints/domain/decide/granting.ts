import type { ComplaintState, Money } from '../state.ts'
import type { Facts } from './facts.ts'

/** An apology, an explanation and nothing at all are given with the answer; any other remedy has to be done. */
export const givenInWords: ReadonlySet<string> = new Set(['A1', 'A2', 'A14'])

/** A remedy as somebody grants it here; what is not said stays as it was proposed. */
export type Grant = { readonly remedyCode?: string | undefined; readonly amount?: Money | undefined }

type Whole = { readonly remedyCode: string | null; readonly amount: Money | null }

/** The remedy this would be: the one given, else the one that stands here. */
export function wholeOf(state: ComplaintState, { remedyCode, amount }: Grant): Whole {
  const other = remedyCode !== undefined && remedyCode !== state.remedyCode
  return { remedyCode: remedyCode ?? state.remedyCode, amount: amount ?? (other ? null : state.remedyAmount) }
}

/** Money and goods are somebody else's to approve; words, and what costs nothing, are not. */
export function needsApproval(
  { remedyCode, amount }: Whole,
  { freeRemedies = givenInWords }: Pick<Facts, 'freeRemedies'>,
) {
  return remedyCode !== null && amount?.minor !== 0 && !freeRemedies.has(remedyCode)
}

/** Approved is one remedy, and at most one sum of it: anything else, and anything more, is not. */
export function isApproved(state: ComplaintState, { remedyCode, amount }: Whole): boolean {
  if (state.approval !== 'approved' || remedyCode !== state.remedyCode) return false
  if (amount === null) return true
  const { remedyAmount: most } = state
  return most !== null && amount.currency === most.currency && amount.minor <= most.minor
}

/** Somebody was asked to approve what stands here, and has not. */
const waits = ({ approval }: ComplaintState): boolean => approval !== null && approval !== 'approved'

/** Why this remedy may not be promised or carried out. */
export function ungranted(state: ComplaintState, given: Grant, facts: Facts) {
  const remedy = wholeOf(state, given)
  if (!needsApproval(remedy, facts)) return undefined
  return isApproved(state, remedy) ? undefined : { code: 'complaints.remedy-not-approved', facts: remedyFacts(remedy) }
}

/** The same of what stands here, before anybody has said what it is to be. */
export function unapproved(state: ComplaintState, facts: Facts) {
  if (state.remedyCode !== null) return ungranted(state, {}, facts)
  return waits(state) ? { code: 'complaints.remedy-not-approved', facts: { remedyCode: null } } : undefined
}

/** Stage 2 has spoken, and nobody has taken it up again since. */
export const finalStands = ({ finalAt, reopenedBy }: ComplaintState): boolean => finalAt !== null && reopenedBy === null

/** What a remedy is, as an event says it. */
export function remedyFacts({ remedyCode, amount }: Whole): Record<string, unknown> {
  return { remedyCode, ...(amount ? { amount } : {}) }
}
