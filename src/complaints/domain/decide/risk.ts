import type { ComplaintState } from '../state.ts'
import { isContainment } from './dates.ts'
import type { Facts } from './facts.ts'

/** Somebody may come to harm, whatever becomes of the complaint. */
const risky: ReadonlySet<string> = new Set(['safety', 'minor', 'self_harm', 'staff_threat', 'food_drug', 'whistle'])

/** Whether somebody may be at risk: hurt, under age, complained of and able to press, or the harm not stopped yet. */
export function atRisk(state: ComplaintState): boolean {
  return (
    state.severity === 'critical' ||
    state.flags.some((flag) => risky.has(flag)) ||
    state.subjects.length > 0 ||
    state.confidentiality !== 'normal' ||
    state.clocks.some((c) => isContainment(c) && c.settledAt === null)
  )
}

/** Leads and reviewers look at why somebody takes back what may be dangerous; never the complainant alone. */
export const mayConfirmEnd = ({ actor, permissions }: Facts): boolean =>
  actor.kind === 'staff' && (permissions.has('complaint.approve') || permissions.has('complaint.review'))
