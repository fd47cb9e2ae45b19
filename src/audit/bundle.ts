import type { EventActor, NewEvent } from '../complaints/domain/index.ts'

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
export type PointRow = TextRow & {
  readonly no: number
  readonly finding: string | null
  readonly answered: boolean
}
/** A message as it is told; `authorHash` is the salted hash of its author's name, null for none. */
export type MessageRow = TextRow & {
  readonly direction: string
  readonly channel: string
  readonly visibility: string
  readonly author: string | null
  readonly authorHash: string | null
  readonly at: string
  readonly flags: string
  /** Of a call: the salted hash of its number, length, outcome …; null for other messages. */
  readonly callHash: string | null
}
/** What intake wrote beside the history, each as a salted hash; null stands for nothing. */
export type IntakeRow = {
  readonly titleHash: string | null
  readonly remedyHash: string | null
  readonly behalfHash: string | null
  readonly orderHash: string | null
  readonly referenceHash: string | null
  readonly receiptHash: string | null
  readonly authorityHash: string | null
  /** Whether a summary is shown. */
  readonly summed: boolean
}
/** An inbound item: whether its bytes have the hash beside them, and that hash, salted. */
export type ItemRow = { readonly id: string; readonly fits: boolean; readonly hash: string | null }
/** That words can be found, and by whom. */
export type FoundRow = { readonly messageId: string | null; readonly visibility: string }
/** A message on its way out; instants as ISO text. */
export type OutboxRow = {
  readonly id: string
  readonly messageId: string | null
  readonly state: string
  readonly notBefore: string
}
export type ListRow = { readonly list: string; readonly key: string }
/** A file; `hash` is the salted hash of its bytes' hash, type and name, null without a message. */
export type AttachmentRow = {
  readonly id: string
  readonly messageId: string | null
  readonly visibility: string
  readonly hash: string | null
}

/** Everything stored of one complaint. `row` is absent when other rows name a complaint that is not there. */
export type Bundle = {
  readonly id: string
  row?: ComplaintRow
  readonly events: EventRow[]
  readonly clocks: ClockRow[]
  readonly messages: MessageRow[]
  readonly points: PointRow[]
  readonly words: WordsRow[]
  readonly lists: ListRow[]
  readonly attachments: AttachmentRow[]
  readonly items: ItemRow[]
  readonly outbox: OutboxRow[]
  intake?: IntakeRow
  /** What has search rows, null for the head. Undefined where search rows may not be read (the app role). */
  readonly found: FoundRow[] | undefined
  /** It was imported, and the worker has not come to make it findable. */
  awaiting: boolean
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
    items: [],
    outbox: [],
    found: search ? [] : undefined,
    awaiting: false,
  }
}
