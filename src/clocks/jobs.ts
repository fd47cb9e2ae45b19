import { sql } from 'kysely'
import { type ComplaintState, event, type NewEvent } from '../complaints/domain/index.ts'
import { commitSystemEvents, lockComplaint } from '../complaints/index.ts'
import type { Database, Tx } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { lapse } from './domain/clock-life.ts'

type ClockApp = Pick<Services, 'db' | 'now' | 'wake' | 'log'> & { readonly systemDb: Database }

/** One event for each clock that ran over: when it truly did, however late this is noticed. */
export function breaches(state: ComplaintState, now: number): NewEvent[] {
  return state.clocks.flatMap((clock) => {
    const over = lapse(clock, now)
    if (over === clock || over.breachedAt === null) return []
    const facts = {
      clockId: clock.id,
      kind: clock.kind,
      ...(clock.milestone === null ? {} : { milestone: clock.milestone }),
      cycle: clock.cycle,
      breachedAt: new Date(over.breachedAt).toISOString(),
    }
    return [event('clock_breached', facts, { clocks: [{ ...clock, ...over }] })]
  })
}

/**
 * Lapses every clock past its due instant, a complaint a transaction under its lock; a second run finds nothing left to do.
 * One complaint that cannot be lapsed does not hold up the others; it is tried again, and then told as an error.
 */
export async function lapseClocks(app: ClockApp): Promise<{ complaints: number; clocks: number }> {
  let complaints = 0
  let clocks = 0
  let failed = 0
  const tried = new Set<string>()
  for (;;) {
    const due = (await dueNow(app)).filter((d) => !tried.has(d.id))
    if (due.length === 0) break
    for (const { org, id } of due) {
      tried.add(id)
      try {
        const count = await lapseOne(app, org, id)
        if (count > 0) complaints += 1
        clocks += count
      } catch (error) {
        failed += 1
        app.log.error({ err: error, complaint: id }, 'the clocks of a complaint could not be lapsed')
      }
    }
  }
  if (failed > 0) throw new Error(`${failed} complaints with overdue clocks could not be lapsed`)
  return { complaints, clocks }
}

function dueNow(app: ClockApp): Promise<{ org: string; id: string }[]> {
  return app.systemDb.withoutScope((tx) =>
    tx.rows(sql<{ org: string; id: string }>`select o.org_id as org, k.complaint_id as id from organisation o
      cross join lateral (
        select distinct c.complaint_id from clock c where c.org_id = o.org_id and c.state = 'running' and c.due_at < ${new Date(app.now())} limit 500
      ) k`),
  )
}

async function lapseOne(app: ClockApp, org: string, id: string): Promise<number> {
  const count = await app.db.withScope({ org }, (tx) => lapseComplaint(tx, org, id, app.now()))
  if (count > 0) app.wake(org)
  return count
}

/** Notes each clock of one complaint that ran over before `now`, under its lock; gives how many. */
export async function lapseComplaint(tx: Tx, org: string, id: string, now: number): Promise<number> {
  const loaded = await lockComplaint(tx, org, id)
  if (!loaded) return 0
  const events = breaches(loaded.state, now)
  await commitSystemEvents(tx, org, loaded, events, now)
  return events.length
}
