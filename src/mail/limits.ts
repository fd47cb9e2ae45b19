import { isIPv6 } from 'node:net'
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
 * Whether a sender from outside may hand one more mail in; who may not is told to come later, and nothing is lost. A sender is an
 * address and the network it writes from: anybody can write under another's address, and must not use up what is theirs. Counted
 * in this process, and nothing of it is kept.
 */
export function senderLimit(perMinute: number): (clientIp: string, mailFrom: string, now: number) => boolean {
  const senders = new Map<string, Seen[]>()
  return (clientIp, mailFrom, now) => {
    // A relay beside us has its own limits, and brings everybody's mail.
    if (isNearby(clientIp)) return true
    const key = `${networkOf(clientIp)} ${mailFrom.toLowerCase()}`
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

/** The network of an address, as one owner mostly has it: /24, /64 for IPv6. */
export function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/iu, '').replace(/%.*$/u, '')
  if (!isIPv6(plain)) return plain.replace(/\.\d+$/u, '')
  const [head = '', tail = ''] = plain.toLowerCase().split('::')
  const groups = (text: string) => text.split(':').filter((g) => g !== '')
  const zeros = plain.includes('::') ? 8 - groups(head).length - groups(tail).length : 0
  const all = [...groups(head), ...Array<string>(Math.max(0, zeros)).fill('0'), ...groups(tail)]
  return all
    .slice(0, 4)
    .map((g) => g.replace(/^0+(?=.)/u, ''))
    .join(':')
}

/** At most so many connections of one address from outside: nobody takes the door from all others by holding it. */
export function connectionLimit(most: number) {
  const open = new Map<string, string>()
  return {
    /** False: one too many. */
    opened(id: string, clientIp: string): boolean {
      if (isNearby(clientIp)) return true
      // Whoever has one IPv6 address has a network of them.
      const holder = isIPv6(clientIp) ? networkOf(clientIp) : clientIp
      let n = 0
      for (const ip of open.values()) if (ip === holder) n += 1
      if (n >= most) return false
      open.set(id, holder)
      return true
    },
    closed(id: string): void {
      open.delete(id)
    },
  }
}
