import { lasting } from '../mail/imap/problem.ts'
import type { Judged } from './health.ts'

/** A mailbox that is fetched by IMAP, and how it goes; instants in epoch ms. */
export type Fetched = {
  readonly address: string
  readonly beganAt: number
  readonly lookedAt: number | null
  readonly failingSince: number | null
  readonly problem: string | null
}

/** Each is looked into every five minutes; what fails by chance is in order again long before. */
const patienceMs = 15 * 60_000

/** Of several mailboxes the worst is told. What no waiting mends is bad at once. */
export function judgeFetching(mailboxes: readonly Fetched[], now: number): Judged {
  const n = mailboxes.length
  if (n === 0) return { state: 'good', as: 'none', facts: {} }
  const failing = mailboxes.filter((m) => m.problem !== null)
  const told = (m: Fetched) => ({ address: m.address, reason: m.problem })
  const lost = failing.find((m) => lasting.has(m.problem ?? '') || now - (m.failingSince ?? now) > patienceMs)
  if (lost) return { state: 'bad', as: 'bad', facts: told(lost) }
  const silent = mailboxes.find((m) => m.problem === null && now - (m.lookedAt ?? m.beganAt) > patienceMs)
  if (silent) return { state: 'bad', as: 'silent', facts: told(silent) }
  const [first] = failing
  return first ? { state: 'warn', as: 'warn', facts: told(first) } : { state: 'good', as: 'good', facts: { n } }
}
