import type { Tx } from '../kit/db/database.ts'
import type { StaffActor } from '../people/index.ts'
import { factsFor } from './act.ts'
import { actionsOf } from './domain/decide/index.ts'
import { type ComplaintState, fold } from './domain/state.ts'
import { loadEvents } from './store.ts'

export type ComplainantAct = 'append' | 'withdraw' | 'request_review'

const theirs: readonly string[] = ['append', 'withdraw', 'request_review'] satisfies ComplainantAct[]

/** What the complainant may do now, by the function that decides it and the version of the process the complaint is under. */
export async function complainantOffers(
  tx: Tx,
  actor: StaffActor,
  id: string,
  now: number,
): Promise<ReadonlySet<string>> {
  const state = fold(id, await loadEvents(tx, actor.org.id, id))
  const offers = await offersOf(tx, actor, state, now)
  if (state.mergedInto === null) return offers
  // It is answered with its survivor, and looked at again with it.
  const survivor = fold(state.mergedInto, await loadEvents(tx, actor.org.id, state.mergedInto))
  const review = (await offersOf(tx, actor, survivor, now)).has('request_review')
  return review ? new Set([...offers, 'request_review']) : offers
}

async function offersOf(tx: Tx, actor: StaffActor, state: ComplaintState, now: number): Promise<Set<string>> {
  const actions = actionsOf(state, await factsFor(tx, actor, state, now))
  return new Set(actions.filter((a) => a.allowed && theirs.includes(a.name)).map((a) => a.name))
}
