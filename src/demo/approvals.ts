import { freeRemedies } from '../seeds/index.ts'
import { teams } from './organisation.ts'
import type { Complaint, Money, RemedyItem, Step } from './types.ts'

/** What the proposal is in one code: what costs something, before what is said in words. */
export function mainRemedy(remedies: readonly RemedyItem[]): RemedyItem | undefined {
  return remedies.find(({ code }) => !freeRemedies.has(code)) ?? remedies[0]
}

/** Everything it is worth, in its currency. */
export function worthOf(remedies: readonly RemedyItem[]): Money | undefined {
  const sums = remedies.flatMap(({ money }) => (money ? [money] : []))
  const [first] = sums
  return first && { ...first, amount: sums.reduce((all, { amount }) => all + amount, 0) }
}

const granting: ReadonlySet<Step['do']> = new Set(['decide', 'respond', 'start_remedy', 'remedy_done'])

/** The scripts tell of approvals that are worth a story; every other remedy that costs something got its nod at once. */
export function withApprovals(complaint: Complaint): Complaint {
  const lead = teams.find(({ key }) => key === complaint.team)?.lead ?? ''
  const steps = complaint.steps.flatMap((step, i): Step[] => {
    if (step.do !== 'propose' || freeRemedies.has(mainRemedy(step.remedies)?.code ?? '')) return [step]
    const next = complaint.steps.slice(i + 1)
    const granted = next.findIndex((s) => granting.has(s.do))
    const said = next.slice(0, granted).some((s) => ['request_approval', 'approve', 'propose'].includes(s.do))
    if (granted < 0 || said) return [step]
    const { at, by } = step
    const approver = by === lead ? (teams.find((t) => t.lead !== lead)?.lead ?? lead) : lead
    return [step, { at, by, do: 'request_approval', text: '' }, { at, by: approver, do: 'approve', text: '' }]
  })
  return { ...complaint, steps }
}
