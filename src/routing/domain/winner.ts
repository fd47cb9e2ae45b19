/** A line of the routing table; null is "any". One with neither place nor type there is not: that is the default team. */
export type Line = {
  readonly id: string
  readonly placeId: string | null
  readonly typeCode: string | null
  readonly teamId: string
}

/** What a complaint is about and where, each with what it lies under: the nearest first, empty where nobody said. */
export type Where = { readonly placeChain: readonly string[]; readonly typeChain: readonly string[] }

export type RoutedBy = 'place-and-type' | 'type' | 'place' | 'default' | 'chosen'

/** Of what kind a line is; without one it was the default team. */
export function ruleOf(line: Pick<Line, 'placeId' | 'typeCode'> | undefined): RoutedBy {
  if (!line) return 'default'
  if (line.placeId !== null && line.typeCode !== null) return 'place-and-type'
  return line.typeCode !== null ? 'type' : 'place'
}

/**
 * The line that wins: place and type before type before place; among equals the nearest type, then the nearest place. Two lines
 * of one place and type there cannot be, so there is at most one. Undefined: the default team's.
 */
export function winner<L extends Line>(lines: readonly L[], where: Where): L | undefined {
  let best: { line: L; rank: readonly number[] } | undefined
  for (const line of lines) {
    const rank = rankOf(line, where)
    if (rank && (!best || isBefore(rank, best.rank))) best = { line, rank }
  }
  return best?.line
}

const kinds = ['place-and-type', 'type', 'place']

/** [kind, distance of the type, distance of the place], the lower the nearer; undefined where it does not apply. */
function rankOf(line: Line, { placeChain, typeChain }: Where): readonly number[] | undefined {
  const type = line.typeCode === null ? 0 : typeChain.indexOf(line.typeCode)
  const place = line.placeId === null ? 0 : placeChain.indexOf(line.placeId)
  return type < 0 || place < 0 ? undefined : [kinds.indexOf(ruleOf(line)), type, place]
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((n, i) => n !== b[i])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

/** A value with what it lies under, the nearest first; a circle in the tree ends where it closes. */
export function chainOf(key: string | null, parentOf: (key: string) => string | null | undefined): string[] {
  const chain: string[] = []
  for (let at: string | null | undefined = key; at && !chain.includes(at); at = parentOf(at)) chain.push(at)
  return chain
}
