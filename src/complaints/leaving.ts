import { sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import type { Services } from '../kit/services.ts'
import { restrictedKeepers } from '../people/index.ts'
import { leaving } from './domain/decide/leaving.ts'
import type { ComplaintState } from './domain/state.ts'
import { lockComplaint } from './store.ts'
import { commitSystemEvents } from './stream-system.ts'

type App = Pick<Services, 'db' | 'now' | 'wake' | 'log'> & { readonly systemDb: Database }
type Leaving = { readonly org: string; readonly staffId: string; readonly by?: string | undefined }

const batch = 200

/**
 * Gives everything of somebody who left back, a complaint a transaction under its lock: killed in between, the next run
 * goes on where this one stopped. One complaint that cannot be given back does not hold up the others; it is told at the end.
 */
export async function releaseLeaver(app: App, payload: unknown): Promise<number> {
  const { org, staffId, by } = payload as Leaving
  const tried = new Set<string>()
  let [released, failed] = [0, 0]
  for (;;) {
    const next = (await app.db.withScope({ org }, (tx) => leftBy(tx, org, staffId, [...tried]), 'read')).map(
      (c) => c.id,
    )
    if (next.length === 0) break
    for (const id of next) {
      try {
        if (await app.db.withScope({ org }, (tx) => releaseOne(tx, { org, staffId, by }, id, app.now()))) released += 1
        else tried.add(id)
      } catch (error) {
        failed += 1
        tried.add(id)
        app.log.error({ err: error, complaint: id }, 'a complaint of somebody who left could not be given back')
      }
    }
    app.wake(org)
  }
  if (failed > 0) throw new Error(`${failed} complaints of somebody who left could not be given back`)
  return released
}

/** Everybody who left and still has something: what a lost job, or an account closed by other means, left behind. */
export async function releaseLeavers(app: App): Promise<number> {
  const left = await app.systemDb.withoutScope((tx) =>
    tx.rows<Leaving>(sql`select s.org_id as org, s.id as "staffId" from organisation o join staff s on s.org_id = o.org_id and not s.active
      where exists (select from complaint c where c.org_id = s.org_id and c.owner_id = s.id and c.open)
        or exists (select from clock k where k.org_id = s.org_id and k.owner_id = s.id and k.ended_at is null) limit 500`),
  )
  let released = 0
  for (const one of left) released += await releaseLeaver(app, one)
  return released
}

/** Complaints of theirs that somebody else has to look after; none while they work here. */
function leftBy(tx: Tx, org: string, staffId: string, tried: readonly string[]): Promise<{ id: string }[]> {
  return tx.rows(sql<{ id: string }>`select x.id from (
      select c.id from complaint c where c.org_id = ${org} and c.owner_id = ${staffId} and c.open
      union select k.complaint_id from clock k where k.org_id = ${org} and k.owner_id = ${staffId} and k.ended_at is null) x
    where x.id <> all (${[...tried]}::uuid[]) and exists (select from staff where org_id = ${org} and id = ${staffId} and not active)
    order by x.id limit ${batch}`)
}

async function releaseOne(tx: Tx, { org, staffId, by }: Leaving, id: string, now: number): Promise<boolean> {
  const loaded = await lockComplaint(tx, org, id)
  // Taken on again meanwhile: then it is theirs as before.
  const gone = await tx.first(sql`select from staff where org_id = ${org} and id = ${staffId} and not active for share`)
  if (!loaded || !gone) return false
  const { state } = loaded
  const keepers =
    state.confidentiality === 'normal' ? [] : await restrictedKeepers(tx, org, state.teamId, state.subjects)
  const events = leaving(state, { staffId, heir: await heirOf(tx, org, state), keepers, by })
  await commitSystemEvents(tx, org, loaded, events, now)
  return events.length > 0
}

/** A lead of its team, else another lead; never one it is about, nor who reports to one. */
async function heirOf(tx: Tx, org: string, { teamId, subjects }: ComplaintState): Promise<string | null> {
  const row = await tx.first<{ id: string }>(sql`with recursive under as (
      select id from staff where org_id = ${org} and id = any (${[...subjects]}::uuid[])
      union select b.id from staff b join under on b.org_id = ${org} and b.manager_id = under.id)
    select s.id from staff s join staff_role r on r.org_id = s.org_id and r.staff_id = s.id and r.role = 'team_lead'
      left join team_member m on m.org_id = s.org_id and m.staff_id = s.id and m.team_id = ${teamId}
    where s.org_id = ${org} and s.active and s.user_id is not null and s.id not in (select id from under)
    order by m.team_id is null, s.id limit 1`)
  return row?.id ?? null
}
