import { sql } from 'kysely'
import { lapse } from '../clocks/index.ts'
import { chain } from '../complaints/chain.ts'
import { event } from '../complaints/domain/event.ts'
import { apply } from '../complaints/domain/state.ts'
import { lockComplaint, save } from '../complaints/store.ts'
import type { Tx } from '../kit/db/database.ts'

/** Marks clocks that ran out before `now` as breached, each at its due instant, as the clock job does every minute. */
export async function lapseClocks(tx: Tx, org: string, id: string, now: number): Promise<void> {
  const due = await tx.first<{ at: number }>(
    sql`select min(due_at) as at from clock where org_id = ${org} and complaint_id = ${id} and state = 'running' and ended_at is null and due_at < ${new Date(now)}`,
    'demo-due',
  )
  if (!due?.at) return
  const loaded = await lockComplaint(tx, org, id)
  if (!loaded) return
  const clocks = loaded.state.clocks.flatMap((clock) => {
    const after = lapse(clock, now)
    return clock.settledAt !== null || after === clock ? [] : [{ ...clock, ...after }]
  })
  const lapsed = event('clocks_lapsed', { clocks: clocks.map(({ kind }) => kind) }, { clocks })
  const system = { kind: 'system', id: null } as const
  const stored = chain(org, id, loaded.head, [lapsed], Math.min(now, due.at + 60_000), system)
  const after = stored.reduce((state, e) => apply(state, e.seq, e.payload.changes), loaded.state)
  await save(tx, org, loaded.state, after, stored)
}
