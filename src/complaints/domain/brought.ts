import type { NewEvent } from './event.ts'

/** What an event that brings a message says of it beyond its words: by whom, when it was said, which files came with it. */
export type Brought = {
  readonly messageId: string
  /** The salted hash of the author's name; absent for none. */
  readonly authorHash?: string
  /** When it was said, as ISO text, where that was before it was written down. */
  readonly at?: string
  readonly files?: readonly { readonly attachmentId: string; readonly hash: string }[]
}

/**
 * An event with the messages it brings in `facts.messages`, each with all its files. Events of before, without them, say
 * only the words' hashes; that is no other version, for what they do say is the same.
 */
export function bringing(e: NewEvent, messages: readonly Brought[]): NewEvent {
  if (messages.length === 0) return e
  return { ...e, payload: { ...e.payload, facts: { ...e.payload.facts, messages } } }
}

/** The event each of these was said with: the one that holds its hash. */
export function bringingEach(
  events: readonly NewEvent[],
  said: readonly (Brought & { readonly hash: string })[],
): readonly NewEvent[] {
  if (said.length === 0) return events
  const texts = events.map((e) => JSON.stringify(e.payload.facts))
  const of = said.map(({ hash }) => texts.findLastIndex((text) => text.includes(hash)))
  return events.map((e, i) =>
    bringing(
      e,
      said.filter((_, n) => of[n] === i).map(({ hash: _hash, ...brought }) => brought),
    ),
  )
}
