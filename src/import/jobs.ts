import { sql } from 'kysely'
import type { Database } from '../kit/db/database.ts'
import type { PruneRule } from '../kit/jobs/prune.ts'
import { isUuid } from '../kit/pure/uuid.ts'
import type { Services } from '../kit/services.ts'
import { onDisk } from './blob-source.ts'
import { findLater, type PassedOver, runsToFind } from './findable.ts'
import { startFinding, startImport, type ThreadApp } from './in-thread.ts'
import { bringLater, failRun, runOf, runsLeft, silentMs } from './runs.ts'

type App = ThreadApp & Pick<Services, 'db' | 'blobs' | 'log' | 'now'>

/**
 * Brings in a run that was asked for on the screen. May come twice: a run that is done stays done, and one that another worker is
 * at is tried again later. Its failure is told on the screen, which offers to go on.
 */
export async function bringIn(app: App, payload: unknown): Promise<void> {
  const { org, run: id } = payload as { org: string; run: string }
  if (!isUuid(org) || !isUuid(id)) return
  const run = await app.db.withScope({ org }, (tx) => runOf(tx, org, id), 'read')
  if (!run?.blob || run.state === 'done' || run.state === 'stopped') return
  const others = run.state === 'running' && (run.beatAt ?? 0) > app.now() - silentMs
  let reading = false
  const ended = await onDisk(app.blobs(org), run, (path) => {
    reading = true
    return startImport(app, { org, run: id, path }).ended
  }).catch(async (error: unknown) => {
    app.log.error({ err: error, run: id }, 'an import was broken off')
    const reason = reading ? reasonOf(error) : 'import.file-unread'
    if (!others) await app.db.withScope({ org }, (tx) => failRun(tx, org, id, reason, app.now()))
    return undefined
  })
  if (ended === null) throw new Error('another worker is at this import')
  // What came of it is in the database: the file itself is not kept.
  await app.db.withScope({ org }, (tx) =>
    tx.run(sql`update import_run set blob = null where org_id = ${org} and id = ${id} and state = 'done'`),
  )
}

/** A thread that runs out of memory, or cannot even begin, says nothing of its run itself. */
function reasonOf(error: unknown): string {
  const { code, message = 'unknown' } = error as { code?: unknown; message?: string }
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'import.out-of-memory' : message.slice(0, 500)
}

/** Asks again for imports from the screen that wait or run with nobody at them: whoever was at them was killed. */
export async function rescueImports(app: Pick<Services, 'now'> & { readonly systemDb: Database }): Promise<number> {
  const runs = await runsLeft(app.systemDb, app.now())
  for (const { org, run } of runs) await app.systemDb.withoutScope((tx) => tx.run(bringLater(org, run)))
  return runs.length
}

/** Makes what came in by a run findable, behind what is already. */
export async function makeFindable(app: ThreadApp & Pick<Services, 'log'>, payload: unknown): Promise<void> {
  const { org, run } = payload as { org: string; run: string }
  if (!isUuid(org) || !isUuid(run)) return
  const note = (one: PassedOver) => app.log.warn({ run, ...one }, 'an imported complaint cannot be made findable')
  await startFinding(app, { org, run }, undefined, note).ended
}

/** Asks again for what a killed import or worker left behind. */
export async function rescueFindable(app: Pick<Services, 'now'> & { readonly systemDb: Database }): Promise<number> {
  const runs = await runsToFind(app.systemDb, app.now())
  for (const { org, run } of runs) await app.systemDb.withoutScope((tx) => tx.run(findLater(org, run)))
  return runs.length
}

const day = 86_400_000
/** Files nobody brought in go after a week, and what was broken off after a month. */
export const importRules: readonly PruneRule[] = [
  {
    name: 'import_run',
    sql: (
      now,
    ) => sql`update import_run set blob = null where ctid = any (array(select r.ctid from organisation o join import_run r on r.org_id = o.org_id
      where r.blob is not null and r.created_at < ${new Date(now - 7 * day)} and (r.state in ('new', 'done') or r.created_at < ${new Date(now - 30 * day)}) limit 1000))`,
  },
]
