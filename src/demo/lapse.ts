import { sql } from 'kysely'
import { lapseComplaint } from '../clocks/jobs.ts'
import type { Tx } from '../kit/db/database.ts'

const minute = 60_000

/**
 * The version of a complaint once each of its clocks that ran out before `now` is noted, as the clock job would have done:
 * within a minute, and after whatever happened meanwhile.
 */
export async function lapseClocks(tx: Tx, org: string, id: string, now: number): Promise<number> {
  for (;;) {
    const { version, last, due } = await standing(tx, org, id)
    if (due === null || due >= now) return version
    const noticed = Math.min(now, Math.max(last, due + minute))
    if ((await lapseComplaint(tx, org, id, noticed)) === 0)
      throw new Error(`no clock of ${id} is over, but its row says so`)
  }
}

async function standing(tx: Tx, org: string, id: string) {
  const row = await tx.first<{ version: number; last: number; due: number | null }>(
    sql`select c.version, c.updated_at as last, (select min(k.due_at) from clock k
          where k.org_id = c.org_id and k.complaint_id = c.id and k.state = 'running' and k.ended_at is null) as due
        from complaint c where c.org_id = ${org} and c.id = ${id}`,
    'demo-standing',
  )
  if (!row) throw new Error(`the complaint ${id} is not there`)
  return row
}
