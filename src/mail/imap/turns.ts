export type Turns = {
  /** Waits for its turn, in the order asked; throws the signal's reason when that comes first. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

/** So many mailboxes fetch at once; each asks anew for each batch, so that a full one holds nobody up. */
export function openTurns(atOnce: number): Turns {
  const waiting = new Set<() => void>()
  let running = 0
  const next = () => {
    const [go] = waiting
    if (!go || running >= atOnce) return
    waiting.delete(go)
    running += 1
    go()
  }
  const turn = (signal: AbortSignal) =>
    new Promise<void>((go, no) => {
      signal.throwIfAborted()
      const giveUp = () => {
        if (waiting.delete(come)) no(signal.reason)
      }
      const come = () => {
        signal.removeEventListener('abort', giveUp)
        go()
      }
      signal.addEventListener('abort', giveUp, { once: true })
      waiting.add(come)
      next()
    })
  return {
    async take(signal, work) {
      await turn(signal)
      try {
        return await work()
      } finally {
        running -= 1
        next()
      }
    },
  }
}
