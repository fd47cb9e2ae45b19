import type { Rule } from './facts.ts'
import { owedOutside } from './merging.ts'

/**
 * What a law or an authority still waits for is not closed away. A dispute outside keeps its own dates, and ends there.
 */
export function whileOwed<C>(rule: Rule<C>): Rule<C> {
  return {
    ...rule,
    blocked: (state, facts) => {
      const before = rule.blocked?.(state, facts)
      if (before || state.state === 'external') return before
      const kinds = [...new Set(owedOutside(state).map((c) => c.kind))]
      return kinds.length > 0 ? { code: 'complaints.dates-owed', facts: { kinds } } : undefined
    },
  }
}
