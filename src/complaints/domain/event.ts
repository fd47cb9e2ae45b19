import type { Changes, Fields } from './state.ts'

export type EventActor = {
  readonly kind: 'staff' | 'integration' | 'complainant' | 'system'
  readonly id: string | null
}

/** One thing that happened. The payload holds ids, codes, amounts and salted hashes: never free text or personal data. */
export type NewEvent = {
  readonly type: string
  readonly v: number
  readonly payload: { readonly facts: Readonly<Record<string, unknown>>; readonly changes: Changes }
}

type Upcaster = (payload: NewEvent['payload']) => NewEvent['payload']

/** Sets what events of before did not say yet and follows from them; what an event says itself stays. */
const implying =
  (implied: (payload: NewEvent['payload']) => Partial<Fields>): Upcaster =>
  (payload) => {
    const set = { ...implied(payload), ...payload.changes.set }
    return { ...payload, changes: { ...payload.changes, set } }
  }

/** Older versions of event types, lifted one version a step when read: `upcasters[type][fromVersion]`. */
const upcasters: Readonly<Record<string, Readonly<Record<number, Upcaster>>>> = {
  approval_requested: { 1: implying(() => ({ approval: 'asked' })) },
  approved: { 1: implying(() => ({ approval: 'approved' })) },
  declined: { 1: implying(() => ({ approval: 'declined' })) },
  finalised: { 1: implying(({ changes }) => ({ finalAt: changes.set?.decidedAt ?? null })) },
  followed_up: {
    1: implying(({ facts }) => (facts.stance === 'unreachable' ? {} : { stance: String(facts.stance) })),
  },
}

/** Types of which an event of before may change more than it says. */
export const liftedTypes: readonly string[] = Object.keys(upcasters)

/** The payload in today's version; the stored bytes (and their hash) stay as they were written. */
export function upcast(type: string, v: number, payload: NewEvent['payload']): NewEvent['payload'] {
  let lifted = payload
  for (let from = v, up = upcasters[type]?.[from]; up; from++, up = upcasters[type]?.[from]) lifted = up(lifted)
  return lifted
}

export function event(type: string, facts: Readonly<Record<string, unknown>>, changes: Changes = {}): NewEvent {
  return { type, v: 1, payload: { facts, changes } }
}
