import type { EventRow } from './bundle.ts'

/** A salted hash in the history, and the row whose words it proves. */
export type Proof = {
  readonly table: 'message' | 'point' | 'words'
  readonly id: string
  readonly hash: string
  readonly seq: number
}
type Facts = Readonly<Record<string, unknown>>
/** What the event that brought a message says of it beyond its words; events of before say nothing. */
export type Told = {
  readonly event: EventRow
  readonly authorHash: unknown
  readonly at: unknown
  readonly files: ReadonlyMap<string, unknown>
}

export type Proofs = {
  readonly list: readonly Proof[]
  /** The event that proves a message, by the message's id. */
  readonly bringing: ReadonlyMap<string, EventRow>
  /** The events that prove a note by the hash of a reason alone. */
  readonly reasons: ReadonlyMap<string, EventRow>
  /** Messages whose events say more than their words' hash. */
  readonly told: ReadonlyMap<string, Told>
  /** What else is proven beside the words of a message: what stands beside a call, and that it is abusive. */
  readonly beside: ReadonlyMap<string, Beside>
}
export type Beside = { readonly callHash: string | null; readonly abusive: boolean }

/** The facts of an event; none where its payload is not what we write. */
export function factsOf(e: EventRow): Facts {
  const payload: unknown = e.payload
  return isObject(payload) && isObject(payload.facts) ? payload.facts : nothing
}
const nothing: Facts = {}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function proofsOf(events: readonly EventRow[]): Proofs {
  const list: Proof[] = []
  const bringing = new Map<string, EventRow>()
  const reasons = new Map<string, EventRow>()
  const told = new Map<string, Told>()
  const beside = new Map<string, Beside>()
  for (const e of events) {
    const facts = factsOf(e)
    for (const name of namesOfReasons) {
      const hash = facts[name]
      if (typeof hash === 'string') reasons.set(hash, e)
    }
    visit(facts, (object) => {
      const { hash, messageId, wordsId, id } = object
      if (typeof hash !== 'string') return
      if (typeof wordsId === 'string') list.push({ table: 'words', id: wordsId, hash, seq: e.seq })
      else if (typeof messageId === 'string') {
        list.push({ table: 'message', id: messageId, hash, seq: e.seq })
        bringing.set(messageId, e)
        beside.set(messageId, besideOf(object))
      } else if (typeof id === 'string') list.push({ table: 'point', id, hash, seq: e.seq })
    })
    if (Array.isArray(facts.messages)) for (const m of facts.messages) tellOf(e, m, told)
  }
  return { list, bringing, reasons, told, beside }
}

function besideOf({ callHash, abusive }: Facts): Beside {
  return { callHash: typeof callHash === 'string' ? callHash : null, abusive: abusive === true }
}

const namesOfReasons = ['reasonHash', 'textHash', 'evidenceHash', 'bodyHash'] as const

function tellOf(event: EventRow, said: unknown, told: Map<string, Told>): void {
  if (!isObject(said) || typeof said.messageId !== 'string') return
  const files = new Map<string, unknown>()
  if (Array.isArray(said.files))
    for (const file of said.files)
      if (isObject(file) && typeof file.attachmentId === 'string') files.set(file.attachmentId, file.hash)
  told.set(said.messageId, { event, authorHash: said.authorHash ?? null, at: said.at, files })
}

function visit(value: unknown, look: (object: Facts) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const inner of value) visit(inner, look)
    return
  }
  const object = value as Facts
  look(object)
  for (const key of Object.keys(object)) visit(object[key], look)
}
