export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** Flags that lift severity to at least high, whatever the score (domain.md §6). */
const atLeastHigh = new Set([
  'safety',
  'self_harm',
  'staff_threat',
  'discrimination',
  'privacy',
  'minor',
  'vulnerable',
  'legal',
])

/** Injury, ongoing danger, or a food cluster: critical. */
function criticalReasons(impact: number, likelihood: number, flags: readonly string[], told: boolean): string[] {
  const reasons: string[] = []
  if (told && flags.includes('safety')) reasons.push('hurt-or-danger')
  if (flags.includes('safety') && impact === 5) reasons.push('injury')
  if (flags.includes('safety') && likelihood === 5) reasons.push('ongoing-danger')
  if (flags.includes('food_drug') && flags.includes('group')) reasons.push('food-cluster')
  return reasons
}

const order: readonly Severity[] = ['low', 'medium', 'high', 'critical']

/** The second when it is the graver of two; undefined when the first is at least as grave. */
export function stricter(first: string | null, second: string | null): Severity | undefined {
  const rank = (name: string | null) => order.findIndex((s) => s === name)
  return rank(second) > rank(first) ? order[rank(second)] : undefined
}

export type SeverityWhy = {
  readonly impact: number
  readonly likelihood: number
  readonly score: number
  readonly lifted: readonly string[]
}

export type Circumstances = {
  /** An authority sent it, or has asked for an answer. */
  readonly authority?: boolean
  /** Nobody has weighed it yet: somebody hurt or in danger is believed until then. */
  readonly asTold?: boolean
}

/**
 * Severity = impact × likelihood (1–5 each): 1–4 low, 5–9 medium, 10–14 high, 15–25 critical; overrides only lift.
 * An impact of 5 (injury, death, breach of law) is never below high. Tone and customer tier do not enter.
 */
export function severityOf(
  impact: number,
  likelihood: number,
  flags: readonly string[],
  { authority = false, asTold = false }: Circumstances = {},
): { severity: Severity; why: SeverityWhy } {
  const score = impact * likelihood
  const scored: Severity = score >= 15 ? 'critical' : score >= 10 ? 'high' : score >= 5 ? 'medium' : 'low'
  const critical = criticalReasons(impact, likelihood, flags, asTold)
  const high = [
    ...flags.filter((f) => atLeastHigh.has(f)),
    ...(impact === 5 ? ['impact'] : []),
    ...(authority ? ['authority'] : []),
  ]
  const floor: Severity = critical.length > 0 ? 'critical' : high.length > 0 ? 'high' : 'low'
  const severity = order.indexOf(floor) > order.indexOf(scored) ? floor : scored
  const lifted = severity === scored ? [] : critical.length > 0 ? critical : high
  return { severity, why: { impact, likelihood, score, lifted } }
}
