import { sql } from 'kysely'
import type { z } from 'zod'
import { apply, blank, type ComplaintState, fold, isSame } from '../complaints/domain/index.ts'
import { loadEvents, type StoredEvent } from '../complaints/index.ts'
import type { Tx } from '../kit/db/database.ts'
import type { StaffActor } from '../people/index.ts'
import type { readTrail } from './contract.ts'

export type Trail = z.input<typeof readTrail.reply>
export type TrailItem = Trail['items'][number]
type Change = TrailItem['changes'][number]

/**
 * Every event from `after` on with who, when and why, and what it changed: the state before it beside the state after. Who
 * complains is in it only for those who may know: an id leads to a name where the same person complained openly too.
 */
export async function trailOf(
  tx: Tx,
  { org: { id: org }, permissions }: Pick<StaffActor, 'org' | 'permissions'>,
  id: string,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<Trail> {
  const events = await loadEvents(tx, org, id)
  const names = await namesOf(tx, org, events)
  const items: TrailItem[] = []
  const { mode } = fold(id, events)
  const knows = permissions.has('customer.read') && (mode === 'named' || permissions.has('customer.confidential'))
  const told = (c: Change) => knows || c.field !== 'customerId'
  let state: ComplaintState = { id, ...blank }
  for (const e of events) {
    const before = state
    state = apply(state, e.seq, e.payload.changes)
    if (e.seq > after && items.length < limit) items.push(itemOf(e, changesOf(before, state).filter(told), names))
  }
  const last = items.at(-1)
  return { items, total: events.length, next: last && last.seq < events.length ? last.seq : null }
}

function itemOf(e: StoredEvent, changes: Change[], names: ReadonlyMap<string, string>): TrailItem {
  return {
    seq: e.seq,
    at: new Date(e.at).toISOString(),
    type: e.type,
    actor: { ...e.actor, name: names.get(e.actor.id ?? '') ?? '' },
    facts: { ...e.payload.facts },
    changes,
    prev: e.prev.toString('hex'),
    hash: e.hash.toString('hex'),
  }
}

async function namesOf(tx: Tx, org: string, events: readonly StoredEvent[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(events.flatMap((e) => e.actor.id ?? []))]
  const rows = await tx.rows<{ id: string; name: string }>(
    sql`select id::text, name from staff where org_id = ${org} and id::text = any (${ids}::text[])
      union all select id::text, name from api_key where org_id = ${org} and id::text = any (${ids}::text[])`,
  )
  return new Map(rows.map((r) => [r.id, r.name]))
}

const apart = new Set(['id', 'version', 'points', 'clocks'])

/** What differs, in the words of the state; a clock and a point by what is told of them. */
function changesOf(before: ComplaintState, after: ComplaintState): Change[] {
  const fields = (Object.keys(after) as (keyof ComplaintState)[])
    .filter((key) => !apart.has(key) && !isSame(before[key], after[key]))
    .map((field) => ({ field, of: null, before: before[field], after: after[field] }))
  const points = after.points.flatMap((p) => {
    const was = before.points.find((x) => x.id === p.id)
    return isSame(was, p) ? [] : [{ field: 'point', of: String(p.no), before: findingOf(was), after: findingOf(p) }]
  })
  const clocks = after.clocks.flatMap((c) => {
    const was = before.clocks.find((x) => x.id === c.id)
    if (isSame(was, c)) return []
    return [{ field: 'clock', of: c.milestone ?? c.kind, before: clockOf(was), after: clockOf(c) }]
  })
  return [...fields, ...points, ...clocks]
}

const findingOf = (p: ComplaintState['points'][number] | undefined) =>
  p === undefined ? null : p.gone ? 'gone' : (p.finding ?? 'open')

const clockOf = (c: ComplaintState['clocks'][number] | undefined) =>
  c === undefined ? null : { state: c.state, dueAt: c.dueAt === null ? null : new Date(c.dueAt).toISOString() }
