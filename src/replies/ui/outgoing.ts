/** What became of an answer that leaves. */
export type Outgoing = {
  readonly id: string
  readonly state: string
  readonly attempts: number
  readonly lastError: string | null
  readonly sendAt: string
  readonly sentAt: string | null
}

/** Ms until a complaint's page should ask what became of its answers: what is on its way changes by itself. */
export function askAgainMs(outboxes: readonly Outgoing[]): number | false {
  const onTheWay = outboxes.filter((o) => o.state === 'sending' || (o.state === 'waiting' && isDue(o)))
  if (onTheWay.length === 0) return false
  return onTheWay.some((o) => o.attempts < 2) ? 2_000 : 30_000
}

function isDue(outbox: Outgoing): boolean {
  return Date.parse(outbox.sendAt) <= Date.now()
}
