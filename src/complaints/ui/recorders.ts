import type { TimelineItem } from '../contract.ts'

/** Who wrote down what somebody else said, by message. */
export function recordersOf(items: readonly TimelineItem[]): ReadonlyMap<string, string> {
  return new Map(
    items.flatMap((item): [string, string][] => {
      if (item.kind !== 'event' || item.actor.kind !== 'staff') return []
      const first = item.type === 'received' ? (item.facts.message as { messageId?: string } | undefined) : item.facts
      const id = item.type === 'received' || item.type === 'message_received' ? first?.messageId : undefined
      return typeof id === 'string' ? [[id, item.actor.name]] : []
    }),
  )
}
