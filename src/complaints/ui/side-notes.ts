import type { TimelineItem } from '../contract.ts'

/** The messages of people nobody knows here that nobody has judged yet, the first first. */
export function waitingNotes(timeline: readonly TimelineItem[]): string[] {
  const waiting = new Set<string>()
  for (const item of timeline) {
    if (item.kind !== 'event') continue
    const id = String(item.facts.messageId)
    if (item.type === 'side_note_received') waiting.add(id)
    else if (item.type === 'side_note_admitted' || item.type === 'side_note_dismissed') waiting.delete(id)
  }
  return [...waiting]
}
