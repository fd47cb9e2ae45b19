import { chainOf, type Line, winner } from './winner.ts'

export type Node = { readonly key: string; readonly parent: string | null; readonly archived: boolean }
export type Team = {
  readonly id: string
  readonly archived: boolean
  readonly automatic: boolean
  readonly present: number
}
export type Table = {
  readonly lines: readonly Line[]
  readonly places: readonly Node[]
  readonly types: readonly Node[]
  readonly teams: readonly Team[]
}

/** What is wrong with a line, the gravest first. */
export type Flaw = 'team-archived' | 'place-archived' | 'type-archived' | 'never-wins' | 'nobody-present'

/** Lines that do nothing or lead where nobody is. A complaint can be of any place and any type in use, or of none. */
export function lint({ lines, places, types, teams }: Table): { lineId: string; flaw: Flaw }[] {
  const living = lines.filter((l) => !teams.find((t) => t.id === l.teamId)?.archived)
  const placeChains = chains(places)
  const typeChains = chains(types)
  return lines.flatMap((line) => {
    const flaw = flawOf(line)
    return flaw ? [{ lineId: line.id, flaw }] : []
  })

  function flawOf(line: Line): Flaw | undefined {
    const team = teams.find((t) => t.id === line.teamId)
    if (!team || team.archived) return 'team-archived'
    const at = under(placeChains, line.placeId)
    if (at.length === 0) return 'place-archived'
    const about = under(typeChains, line.typeCode)
    if (about.length === 0) return 'type-archived'
    const rivals = living.filter((l) => l.id === line.id || isNear(l, line))
    const wins = about.some((typeChain) => at.some((placeChain) => winner(rivals, { placeChain, typeChain }) === line))
    if (!wins) return 'never-wins'
    return team.present === 0 ? 'nobody-present' : undefined
  }
}

/** Only a line of an equal or more special kind can stand before another. */
const isNear = (a: Line, b: Line) => a.typeCode !== null || b.typeCode === null

type Chains = readonly (readonly string[])[]

/** Those in use, each with what it lies under. */
function chains(nodes: readonly Node[]): Chains {
  const byKey = new Map(nodes.map((n) => [n.key, n]))
  return nodes.filter((n) => !n.archived).map((n) => chainOf(n.key, (key) => byKey.get(key)?.parent))
}

/** What a line's place (or type) may be met by: everything at or under it; for "any" everything and nothing. */
const under = (all: Chains, key: string | null): Chains =>
  key === null ? [[], ...all] : all.filter((chain) => chain.includes(key))
