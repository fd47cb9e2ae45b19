import type { TimelineItem } from '../contract.ts'

/** Who wrote down what somebody else said (else empty), and when, by message. */
export type Recorded = { readonly by: string; readonly at: string }

/** Events that bring words we told in another way than by sending them. */
const told = new Set([
  'acknowledged',
  'information_requested',
  'replied',
  'responded',
  'finalised',
  'redirected',
  'authority_answered',
  'called',
])

export function recordersOf(items: readonly TimelineItem[]): ReadonlyMap<string, Recorded> {
  return new Map(
    items.flatMap((item): [string, Recorded][] => {
      if (item.kind !== 'event' || item.actor.kind !== 'staff') return []
      const first = item.type === 'received' ? (item.facts.message as { messageId?: string } | undefined) : item.facts
      const id = item.type === 'received' || item.type === 'message_received' ? first?.messageId : undefined
      if (typeof id === 'string') return [[id, { by: item.actor.name, at: item.at }]]
      const { messageId } = item.facts
      return told.has(item.type) && typeof messageId === 'string' ? [[messageId, { by: '', at: item.at }]] : []
    }),
  )
}
