import { isNearby } from '../kit/http/nearby.ts'

const minute = 60_000
/** So many times the mails of one minute in five minutes and in an hour: who sends many at once may, who never stops may not. */
const windows = [
  { ms: minute, times: 1 },
  { ms: 5 * minute, times: 2.4 },
  { ms: 60 * minute, times: 12 },
] as const
const mostSenders = 50_000

type Seen = { since: number; n: number }

/**
 * Whether a sender from outside may hand one more mail in; who may not is told to come later, and nothing is lost. Counted in this
 * process, and nothing of it is kept.
 */
export function senderLimit(perMinute: number): (clientIp: string, mailFrom: string, now: number) => boolean {
  const senders = new Map<string, Seen[]>()
  return (clientIp, mailFrom, now) => {
    // A relay beside us has its own limits, and brings everybody's mail.
    if (isNearby(clientIp)) return true
    const key = mailFrom === '' ? clientIp : mailFrom.toLowerCase()
    const seen = senders.get(key) ?? windows.map(() => ({ since: now, n: 0 }))
    if (!senders.has(key) && senders.size >= mostSenders) senders.delete(senders.keys().next().value ?? '')
    senders.set(key, seen)
    for (const [i, { ms }] of windows.entries()) {
      const one = seen[i]
      if (one && now - one.since >= ms) Object.assign(one, { since: now, n: 0 })
    }
    // What is turned away does not count: it comes again.
    if (windows.some(({ times }, i) => (seen[i]?.n ?? 0) >= Math.ceil(perMinute * times))) return false
    for (const one of seen) one.n += 1
    return true
  }
}

/** At most so many connections of one address from outside: nobody takes the door from all others by holding it. */
export function connectionLimit(most: number) {
  const open = new Map<string, string>()
  return {
    /** False: one too many. */
    opened(id: string, clientIp: string): boolean {
      if (isNearby(clientIp)) return true
      let n = 0
      for (const ip of open.values()) if (ip === clientIp) n += 1
      if (n >= most) return false
      open.set(id, clientIp)
      return true
    },
    closed(id: string): void {
      open.delete(id)
    },
  }
}
