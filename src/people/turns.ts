/** Who waits: `from` is shared by those who must share (a network); `first` go before all others (they were here before). */
export type Waiter = { readonly from: string; readonly first?: boolean }

export type Turns = {
  /** Waits for a turn; gives the end of it. Undefined when too many wait and this one's own network has its share of them. */
  take(who: Waiter): Promise<(() => void) | undefined>
}

type Place = (admitted: boolean) => void

/**
 * Turns at something costly, `atOnce` at a time. Networks take turns with each other, so that one that asks a thousand times
 * delays another by one turn, not by a thousand; when `longest` wait, whoever waits most gives up a place to a newcomer.
 */
export function fairTurns({ atOnce, longest }: { atOnce: number; longest: number }): Turns {
  let running = 0
  const first: Place[] = []
  const others = new Map<string, Place[]>()
  const waitingOthers = () => [...others.values()].reduce((n, line) => n + line.length, 0)

  const next = (): Place | undefined => {
    const known = first.shift()
    if (known) return known
    const [from, line] = others.entries().next().value ?? []
    if (from === undefined || line === undefined) return undefined
    const place = line.shift()
    // To the end of the round, when it has more.
    others.delete(from)
    if (line.length > 0) others.set(from, line)
    return place
  }
  const end = () => {
    const place = next()
    if (place) place(true)
    else running -= 1
  }
  /** Whether there is room for one more of this network, made if need be. */
  const makeRoom = (from: string): boolean => {
    if (waitingOthers() < longest) return true
    const [most, line] = [...others].reduce((a, b) => (b[1].length > a[1].length ? b : a))
    if (most === from || line.length <= (others.get(from)?.length ?? 0) + 1) return false
    line.pop()?.(false)
    return true
  }
  const wait = async (line: Place[]): Promise<(() => void) | undefined> =>
    (await new Promise<boolean>((admitted) => line.push(admitted))) ? end : undefined

  return {
    async take({ from, first: isFirst = false }) {
      if (running < atOnce) {
        running += 1
        return end
      }
      if (isFirst) return first.length < longest ? wait(first) : undefined
      if (!makeRoom(from)) return undefined
      const line = others.get(from) ?? []
      others.set(from, line)
      return wait(line)
    },
  }
}
