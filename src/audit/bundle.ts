import type { EventActor, NewEvent } from '../complaints/domain/event.ts'

/** An event as stored; the instant as ISO text, hashes in hex. */
export type EventRow = {
  readonly seq: number
  readonly type: string
  readonly v: number
  readonly at: string
  readonly actor: EventActor
  readonly payload: NewEvent['payload']
  readonly prev: string
  readonly hash: string
}
export type ComplaintRow = {
  readonly id: string
  readonly number: string
  readonly version: number
  /** In hex. */
  readonly head: string
  readonly foldVersion: number
  /** What the history is folded into, in the order of `stateNames`. */
  readonly columns: readonly unknown[]
}
/** A clock's id, and its columns in the order of `clockNames`. */
export type ClockRow = { readonly id: string; readonly columns: readonly unknown[] }
/** A row of words: its salted hash as the database counts it now. */
export type TextRow = { readonly id: string; readonly hash: string; readonly blank: boolean }
/** Words that are no message: `key` says of what, `shown` whether they are what is shown there now. */
export type WordsRow = TextRow & { readonly key: string; readonly shown: boolean }
export type PointRow = TextRow & { readonly no: number; readonly finding: string | null }
export type ListRow = { readonly list: string; readonly key: string }
export type AttachmentRow = { readonly id: string; readonly messageId: string | null }

/** Everything stored of one complaint. `row` is absent when other rows name a complaint that is not there. */
export type Bundle = {
  readonly id: string
  row?: ComplaintRow
  readonly events: EventRow[]
  readonly clocks: ClockRow[]
  readonly messages: TextRow[]
  readonly points: PointRow[]
  readonly words: WordsRow[]
  readonly lists: ListRow[]
  readonly attachments: AttachmentRow[]
  /** Messages that have search rows, null for the head. Undefined where search rows may not be read (the app role). */
  readonly found: (string | null)[] | undefined
}

export function emptyBundle(id: string, search: boolean): Bundle {
  return {
    id,
    events: [],
    clocks: [],
    messages: [],
    points: [],
    words: [],
    lists: [],
    attachments: [],
    found: search ? [] : undefined,
  }
}
