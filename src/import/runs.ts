import { type RawBuilder, sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import { visibleSql } from '../people/index.ts'
import type { Mapping } from './domain/index.ts'
import { findLater } from './findable.ts'
import type { Detected } from './read/index.ts'

export type RunState = 'new' | 'ready' | 'running' | 'stopped' | 'failed' | 'done'
export type RunRow = {
  readonly id: string
  readonly source: string
  readonly fileName: string
  readonly blob: string | null
  readonly fileHash: string
  readonly format: Detected
  readonly mapping: Mapping
  readonly state: RunState
  readonly total: number | null
  readonly done: number
  readonly imported: number
  readonly known: number
  readonly changed: number
  readonly bad: number
  readonly flawed: number
  readonly files: number
  readonly filesLeft: number
  /** Rows up to which what came in can be found by its words. */
  readonly found: number
  /** Of these how many were passed over: nothing finds them by their words. */
  readonly unfindable: number
  readonly busyMs: number
  readonly reason: string | null
  readonly staffId: string | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly beatAt: number | null
  readonly endedAt: number | null
}

const columns = sql`id, source, file_name as "fileName", encode(blob, 'hex') as blob, encode(file_hash, 'hex') as "fileHash", format, mapping, state, total,
  done, imported, known, changed, bad, flawed, files, files_left as "filesLeft", found, unfindable, busy_ms as "busyMs", reason, staff_id as "staffId", created_at as "createdAt", started_at as "startedAt",
  beat_at as "beatAt", ended_at as "endedAt"`

export function runOf(tx: Tx, org: string, id: string): Promise<RunRow | undefined> {
  return tx.first<RunRow>(sql<RunRow>`select ${columns} from import_run where org_id = ${org} and id = ${id}`)
}

/** The newest runs first. */
export function runsOf(tx: Tx, org: string, most = 50): Promise<RunRow[]> {
  return tx.rows<RunRow>(
    sql<RunRow>`select ${columns} from import_run where org_id = ${org} and state <> 'new' order by created_at desc limit ${most}`,
  )
}

type NewRun = Pick<
  RunRow,
  'id' | 'source' | 'fileName' | 'blob' | 'fileHash' | 'format' | 'mapping' | 'total' | 'staffId'
>

export async function addRun(
  tx: Tx,
  org: string,
  run: NewRun,
  now: number,
  state: 'new' | 'ready' = 'ready',
): Promise<void> {
  await tx.run(
    sql`insert into import_run (org_id, id, source, file_name, blob, file_hash, format, mapping, state, total, staff_id, created_at)
      values (${org}, ${run.id}, ${run.source}, ${run.fileName}, decode(${run.blob}, 'hex'), decode(${run.fileHash}, 'hex'), ${JSON.stringify(run.format)}::jsonb,
        ${JSON.stringify(run.mapping)}::jsonb, ${state}, ${run.total}, ${run.staffId}, ${new Date(now)})`,
  )
}

/** Begins a run or goes on with it. False when somebody else is at it, or it is done. */
export async function beginRun(tx: Tx, org: string, id: string, now: number): Promise<boolean> {
  const moved = await tx.run(
    sql`update import_run set state = 'running', started_at = coalesce(started_at, ${new Date(now)}), beat_at = ${new Date(now)}, reason = null, ended_at = null
      where org_id = ${org} and id = ${id} and (state in ('ready', 'stopped', 'failed') or (state = 'running' and beat_at < ${new Date(now - silentMs)}))`,
  )
  return moved > 0
}
/** Whoever has not said for so long that it is alive is dead; batches take a second. */
export const silentMs = 60_000

/** Ends a run, and asks for what came in to be made findable. */
export async function endRun(
  tx: Tx,
  org: string,
  id: string,
  state: RunState,
  now: number,
  reason: string | null = null,
): Promise<void> {
  tx.send(findLater(org, id))
  await tx.run(
    sql`update import_run set state = ${state}, ended_at = ${new Date(now)}, reason = ${reason}, total = case when ${state} = 'done' then done else total end
      where org_id = ${org} and id = ${id} and state = 'running'`,
  )
}

/** One that ended without saying so itself: its file cannot be read, or its thread died. What came in stays, and is made findable by the rescue of these. */
export async function failRun(tx: Tx, org: string, id: string, reason: string, now: number): Promise<void> {
  await tx.run(
    sql`update import_run set state = 'failed', reason = ${reason}, ended_at = ${new Date(now)} where org_id = ${org} and id = ${id} and state in ('ready', 'running')`,
  )
}

/** Asks the worker to bring in a run. */
export const bringLater = (org: string, run: string): RawBuilder<unknown> =>
  sql`select enqueue_job('bring_in', ${JSON.stringify({ org, run })}::json, ${`import:${run}`})`

/** Counting the rows of a large file comes before the first beat. */
const waitingMs = 5 * 60_000

/** Runs from the screen that nobody is at: they run and say nothing, or wait for long. */
export function runsLeft(systemDb: Database, now: number): Promise<{ org: string; run: string }[]> {
  return systemDb.withoutScope((tx) =>
    tx.rows(
      sql`select org_id as org, id as run from import_run where blob is not null and ((state = 'running' and beat_at < ${new Date(now - silentMs)})
        or (state = 'ready' and coalesce(beat_at, created_at) < ${new Date(now - waitingMs)})) limit 100`,
    ),
  )
}

export type BadRow = {
  readonly no: number
  readonly row: Record<string, unknown>
  readonly problems: readonly { column: string; value: string; code: string }[]
}

/** Rows that could not be taken, in the order of the file. */
export function badRows(tx: Tx, org: string, run: string, after = 0, most = 1000): Promise<BadRow[]> {
  return tx.rows<BadRow>(
    sql<BadRow>`select no, row, problems from import_bad where org_id = ${org} and run_id = ${run} and no > ${after} order by no limit ${most}`,
  )
}

/** Says more of a run that has not begun. */
export async function setRun(
  tx: Tx,
  org: string,
  id: string,
  more: Partial<Pick<RunRow, 'format' | 'mapping' | 'source' | 'total'>>,
): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  await tx.run(
    sql`update import_run set format = coalesce(${json(more.format)}::jsonb, format), mapping = coalesce(${json(more.mapping)}::jsonb, mapping),
        source = coalesce(${more.source ?? null}, source), total = coalesce(${more.total ?? null}::int, total)
      where org_id = ${org} and id = ${id} and done = 0`,
  )
}

/** Between two batches: the next one finds that it does not run any more. */
export async function stopRun(tx: Tx, org: string, id: string, now: number): Promise<void> {
  tx.send(findLater(org, id))
  await tx.run(
    sql`update import_run set state = 'stopped', ended_at = ${new Date(now)} where org_id = ${org} and id = ${id} and state in ('ready', 'running')`,
  )
}

export type Item = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly sourceId: string
  readonly flaw: string | null
}

/** The first complaints that came of a run, in the order of the file. */
export function firstItems(tx: Tx, org: string, run: string, most = 50): Promise<Item[]> {
  return tx.rows<Item>(
    sql<Item>`select c.id, c.number, t.title, i.source_id as "sourceId", i.flaw from import_item i
      join complaint c on c.org_id = i.org_id and c.id = i.complaint_id join complaint_text t on t.org_id = c.org_id and t.complaint_id = c.id
      where i.org_id = ${org} and i.run_id = ${run} and ${sql.raw(visibleSql('c'))} order by i.no limit ${most}`,
  )
}
