import { sql } from 'kysely'
import { lapse } from '../clocks/index.ts'
import { chain } from '../complaints/chain.ts'
import { event } from '../complaints/domain/event.ts'
import { apply } from '../complaints/domain/state.ts'
import { lockComplaint, save } from '../complaints/store.ts'
import type { Tx } from '../kit/db/database.ts'

/**
 * The version of a complaint once its clocks that ran out before `now` are marked as breached, each at its due instant, as
 * the clock job does every minute.
 */
export async function lapseClocks(tx: Tx, org: string, id: string, now: number): Promise<number> {
  const standing = await tx.first<{ version: number; last: number; due: number | null }>(
    sql`select c.version, c.updated_at as last, (select min(k.due_at) from clock k
          where k.org_id = c.org_id and k.complaint_id = c.id and k.state = 'running' and k.ended_at is null) as due
        from complaint c where c.org_id = ${org} and c.id = ${id}`,
    'demo-standing',
  )
  if (!standing) throw new Error(`the complaint ${id} is not there`)
  if (standing.due === null || standing.due >= now) return standing.version
  const loaded = await lockComplaint(tx, org, id)
  if (!loaded) throw new Error(`the complaint ${id} is not there`)
  const clocks = loaded.state.clocks.flatMap((clock) => {
    const after = lapse(clock, now)
    return clock.settledAt !== null || after === clock ? [] : [{ ...clock, ...after }]
  })
  const lapsed = event('clocks_lapsed', { clocks: clocks.map(({ kind }) => kind) }, { clocks })
  const system = { kind: 'system', id: null } as const
  const noticed = Math.min(now, Math.max(standing.last, standing.due + 60_000))
  const stored = chain(org, id, loaded.head, [lapsed], noticed, system)
  const after = stored.reduce((state, e) => apply(state, e.seq, e.payload.changes), loaded.state)
  await save(tx, org, loaded.state, after, stored)
  return after.version
}
