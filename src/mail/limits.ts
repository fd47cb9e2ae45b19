import { isNearby } from '../kit/http/nearby.ts'

/** Mails a minute of one sender from outside; counted in this process, for a minute, and nothing of it is kept. */
export function senderLimit(perMinute: number): (clientIp: string, mailFrom: string, now: number) => boolean {
  const seen = new Map<string, { since: number; n: number }>()
  return (clientIp, mailFrom, now) => {
    // A relay beside us has its own limits, and brings everybody's mail.
    if (isNearby(clientIp)) return true
    if (seen.size > 50_000) seen.clear()
    const key = mailFrom === '' ? clientIp : mailFrom.toLowerCase()
    const before = seen.get(key)
    const entry = before && now - before.since < 60_000 ? before : { since: now, n: 0 }
    entry.n += 1
    seen.set(key, entry)
    return entry.n <= perMinute
  }
}
