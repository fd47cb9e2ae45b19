/** When connections end that never say nothing for long, and never come to an end either. */
export type Deadlines = {
  /** From now on this connection has so long (ms), whatever it had before. */
  within(id: string, ms: number): void
  /** It has as long as it takes: it waits for us. */
  lift(id: string): void
}

/** `end` is called once for a connection whose time is over. */
export function openDeadlines(end: (id: string) => void): Deadlines {
  const timers = new Map<string, NodeJS.Timeout>()
  const lift = (id: string) => {
    clearTimeout(timers.get(id))
    timers.delete(id)
  }
  return {
    lift,
    within(id, ms) {
      lift(id)
      const timer = setTimeout(() => {
        timers.delete(id)
        end(id)
      }, ms)
      timers.set(id, timer.unref())
    },
  }
}
