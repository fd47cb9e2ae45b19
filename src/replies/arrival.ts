import { sql } from 'kysely'
import { commitSystemEvents, lockComplaint, loadEvents, type StoredEvent, systemFacts } from '../complaints/index.ts'
import type { ComplaintState, PointState } from '../complaints/domain/index.ts'
import type { Tx } from '../kit/db/database.ts'
import { type Loss, type Noted, replyFailed, replySent } from './domain/arrival.ts'
import { replyFailedMerged } from './domain/merged-loss.ts'
import { restoreAnswers } from './restore-answers.ts'
import type { Outgoing } from './store.ts'

type Loaded = NonNullable<Awaited<ReturnType<typeof lockComplaint>>>
/** The complaint a message was said on, under its lock, and the one it is merged into. */
export type Held = { readonly own: Loaded; readonly into: Loaded | undefined }
type Where = { readonly tx: Tx; readonly org: string; readonly now: number }

/**
 * Locks where a message was said, in the order of the ids. (An answer also goes to contacts of complaints merged into the one
 * it was given on: it is that one's.) Undefined when a merge came in between: another try finds it done.
 */
export async function holdSaid(
  { tx, org }: Where,
  row: Pick<Outgoing, 'complaint_id' | 'message_id'>,
): Promise<Held | undefined> {
  const where = await saidOn(tx, org, row)
  if (!where) return undefined
  const ids = [where.id, ...(where.into ? [where.into] : [])].sort()
  const held = new Map<string, Loaded>()
  for (const id of ids) {
    const loaded = await lockComplaint(tx, org, id)
    if (loaded) held.set(id, loaded)
  }
  const own = held.get(where.id)
  return own && own.state.mergedInto === where.into ? { own, into: held.get(where.into ?? '') } : undefined
}

async function saidOn(tx: Tx, org: string, row: Pick<Outgoing, 'complaint_id' | 'message_id'>) {
  return tx.first<{ id: string; into: string | null }>(
    sql`select c.id, c.merged_into as into from complaint c
        where c.org_id = ${org} and c.id = coalesce((select x.merged_into from complaint x where x.org_id = ${org} and x.id = ${row.complaint_id}
          and exists (select from message m where m.org_id = ${org} and m.complaint_id = x.merged_into and m.id = ${row.message_id}::uuid)), ${row.complaint_id}::uuid)`,
  )
}

/** Whether another mail with the same words has arrived or still may. */
async function othersMayArrive({ tx, org }: Where, own: ComplaintState, row: Outgoing): Promise<boolean> {
  const other = await tx.first(
    sql`select 1 as ok from outbox o where o.org_id = ${org} and o.message_id = ${row.message_id}::uuid and o.id <> ${row.id} and o.channel = 'email'
          and o.state in ('waiting', 'sending', 'sent')
          and o.complaint_id in (select c.id from complaint c where c.org_id = ${org} and (c.id = ${own.id} or c.merged_into = ${own.id})) limit 1`,
  )
  return other !== undefined
}

/** Says in the history that a message did not arrive, and what is owed again. False where another mail says the same. */
export async function noteLoss(
  at: Where,
  { own, into }: Held,
  row: Outgoing,
  why: Pick<Loss, 'cause' | 'codeClass'>,
): Promise<boolean> {
  const { tx, org, now } = at
  if (await othersMayArrive(at, own.state, row)) return false
  const { id } = own.state
  const loss: Loss = { outboxId: row.id, messageId: row.message_id, ...why }
  const events = await loadEvents(tx, org, id)
  if (into) {
    const noted = replyFailedMerged({ id, events }, into.state, loss, await systemFacts(tx, org, into.state, now))
    await keep(at, own, events, noted.merged)
    await commitSystemEvents(tx, org, into, noted.survivor, now)
  } else await keep(at, own, events, replyFailed(id, events, loss, await systemFacts(tx, org, own.state, now)))
  return true
}

/** Says in the history that what did not arrive has been sent after all. */
export async function noteArrival(at: Where, { own }: Held, row: Outgoing): Promise<void> {
  const { tx, org, now } = at
  const events = await loadEvents(tx, org, own.state.id)
  const sent = { outboxId: row.id, messageId: row.message_id }
  await keep(at, own, events, replySent(own.state.id, events, sent, await systemFacts(tx, org, own.state, now)))
}

async function keep(
  at: Where,
  own: Loaded,
  events: readonly StoredEvent[],
  { event, answersAsOf }: Noted,
): Promise<void> {
  const { tx, org, now } = at
  const { facts, changes } = event.payload
  const points: readonly PointState[] = changes.points ?? []
  const upto = events.filter((e) => e.seq <= answersAsOf)
  const said = await restoreAnswers(at, own.state.id, points, upto)
  const whole = { ...event, payload: { facts: { ...facts, ...said.facts }, changes } }
  await commitSystemEvents(tx, org, own, [whole], now, said.words)
}
