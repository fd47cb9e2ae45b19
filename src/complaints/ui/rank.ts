export type Owner = {
  readonly id: string
  readonly name: string
  readonly teamIds: readonly string[]
  readonly open: number
}

/** Best first: the reader, where they can be given it; then those of the complaint's team with the fewest open; then the others. */
export function rankOwners(owners: readonly Owner[], teamIds: readonly string[], me: string): Owner[] {
  const place = (o: Owner) => {
    if (o.id === me) return 0
    return o.teamIds.some((t) => teamIds.includes(t)) ? 1 : 2
  }
  return [...owners].sort((a, b) => place(a) - place(b) || a.open - b.open || a.name.localeCompare(b.name))
}

/** What was used last comes first; the others keep their order. */
export function recentFirst<T extends { readonly value: string }>(all: readonly T[], recent: readonly string[]): T[] {
  const place = (x: T) => {
    const at = recent.indexOf(x.value)
    return at === -1 ? recent.length : at
  }
  return [...all].sort((a, b) => place(a) - place(b))
}

/** Scores that stand for a severity when somebody chooses it by name; flags may still lift it. */
export const scoresOf = {
  low: { impact: 2, likelihood: 2 },
  medium: { impact: 3, likelihood: 2 },
  high: { impact: 4, likelihood: 3 },
  critical: { impact: 4, likelihood: 4 },
} as const
export type SeverityName = keyof typeof scoresOf
