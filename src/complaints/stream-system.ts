import type { Tx } from '../kit/db/database.ts'
import { saveWords, type Words } from './act.ts'
import { chain } from './chain.ts'
import type { NewEvent } from './domain/event.ts'
import { apply, type ComplaintState } from './domain/state.ts'
import { type Loaded, save } from './store.ts'

/**
 * Saves what the installation itself found out (a clock ran over, a mail did not arrive), with words it says again; the caller
 * holds the complaint's lock and wakes the readers.
 */
export async function commitSystemEvents(
  tx: Tx,
  org: string,
  loaded: Loaded,
  events: readonly NewEvent[],
  now: number,
  words: readonly Words[] = [],
): Promise<ComplaintState> {
  if (events.length === 0) return loaded.state
  const stored = chain(org, loaded.state.id, loaded.head, events, now, { kind: 'system', id: null })
  const after = stored.reduce((s, e) => apply(s, e.seq, e.payload.changes), loaded.state)
  await save(tx, org, loaded.state, after, stored)
  if (words.length > 0) await saveWords(tx, org, after.id, words)
  return after
}
