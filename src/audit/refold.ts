import { sql } from 'kysely'
import { type ComplaintState, foldVersion } from '../complaints/domain/index.ts'
import { stateColumns } from '../complaints/index.ts'
import type { Database, Tx } from '../kit/db/database.ts'
import { readOne } from './read-bundles.ts'
import { checkChain } from './check-chain.ts'
import { foldOf } from './check-fold.ts'
import type { Finding } from './finding.ts'

export type Refolded = { readonly complaints: number; readonly refused: readonly Finding[] }
type Cursor = { org: string; after: string }

const lowest = '00000000-0000-0000-0000-000000000000'
const cursorKey = 'refold-cursor'
const page = 200

/**
 * Builds state rows, clocks and lists anew from the history: those folded by older rules, or `all`. Each complaint is its
 * own transaction; a killed run goes on where it was. A complaint whose history is broken is left alone and told.
 */
export async function refold(
  app: { readonly systemDb: Database },
  options: { all?: boolean; onProgress?: (complaints: number) => void } = {},
): Promise<Refolded> {
  const { all = false } = options
  const db = app.systemDb
  let at = all ? await readCursor(db) : { org: lowest, after: lowest }
  const refused: Finding[] = []
  let complaints = 0
  for (;;) {
    const ids = await nextIds(db, at, all)
    for (const { org_id: org, id } of ids) {
      const finding = await db.withoutScope((tx) => refoldOne(tx, org, id))
      if (finding) refused.push(finding)
      else complaints += 1
      at = { org, after: id }
    }
    if (all) await writeCursor(db, ids.length < page ? { org: lowest, after: lowest } : at)
    options.onProgress?.(complaints)
    if (ids.length < page) return { complaints, refused }
  }
}

function nextIds(db: Database, { org, after }: Cursor, all: boolean): Promise<{ org_id: string; id: string }[]> {
  return db.withoutScope((tx) =>
    tx.rows<{ org_id: string; id: string }>(
      sql`select org_id, id from complaint where (org_id, id) > (${org}::uuid, ${after}::uuid) and (${all} or fold_version <> ${foldVersion})
          order by org_id, id limit ${page}`,
    ),
  )
}

async function refoldOne(tx: Tx, org: string, id: string): Promise<Finding | null> {
  await tx.run(sql`select 1 from complaint where org_id = ${org} and id = ${id} for update`)
  const bundle = await readOne(tx, org, id, false)
  if (!bundle?.row) return null
  const broken = checkChain(org, bundle)
  // A state row that is behind or ahead is what refolding mends; a broken chain is not.
  if (broken && !mendable.includes(broken.code)) return { ...broken, complaint: bundle.row.number }
  if (bundle.events.length === 0) return { code: 'audit.no-events', complaint: bundle.row.number }
  await rewrite(tx, org, foldOf(bundle), Buffer.from(bundle.events.at(-1)?.hash ?? '', 'hex'))
  return null
}

const mendable = ['audit.state-behind', 'audit.head-mismatch']

async function rewrite(tx: Tx, org: string, state: ComplaintState, head: Buffer): Promise<void> {
  const columns = Object.entries({ ...stateColumns(state), version: state.version, head })
  const set = sql.join(columns.map(([name, value]) => sql`${sql.ref(name)} = ${value}`))
  await tx.run(sql`update complaint set ${set} where org_id = ${org} and id = ${state.id}`)
  await rewriteClocks(tx, org, state)
  await rewriteLists(tx, org, state)
  for (const p of state.points)
    await tx.run(
      sql`update point set finding = ${p.finding}, no = ${p.no} where org_id = ${org} and complaint_id = ${state.id} and id = ${p.id}`,
    )
}

async function rewriteClocks(tx: Tx, org: string, { id, clocks }: ComplaintState): Promise<void> {
  await tx.run(sql`delete from clock where org_id = ${org} and complaint_id = ${id}`)
  await tx.run(
    sql`insert into clock (org_id, id, complaint_id, kind, milestone, cycle, state, target, started_at, due_at, internal_due_at, ended_at, breached_at, cause, policy, calendar, provisional, pausable)
        select ${org}::uuid, k.id, ${id}::uuid, k.kind, k.milestone, k.cycle, k.state, k.target, to_timestamp(k."startedAt" / 1000.0), to_timestamp(k."dueAt" / 1000.0),
          to_timestamp(k."internalDueAt" / 1000.0), to_timestamp(k."settledAt" / 1000.0), to_timestamp(k."breachedAt" / 1000.0), k.cause, k.policy, k.calendar, k.provisional, k.pausable
        from jsonb_to_recordset(${JSON.stringify(clocks)}::jsonb)
          as k(id uuid, kind text, milestone text, cycle int, state text, target jsonb, "startedAt" bigint, "dueAt" bigint, "internalDueAt" bigint, "settledAt" bigint, "breachedAt" bigint,
            cause jsonb, policy jsonb, calendar jsonb, provisional boolean, pausable boolean)`,
  )
}

async function rewriteLists(tx: Tx, org: string, state: ComplaintState): Promise<void> {
  const { id } = state
  const lists = [
    ['complaint_flag', 'flag text', state.flags.map((flag) => ({ flag }))],
    ['complaint_access', 'staff_id uuid', state.access.map((staff_id) => ({ staff_id }))],
    ['complaint_subject', 'staff_id uuid', state.subjects.map((staff_id) => ({ staff_id }))],
    ['complaint_helper', 'staff_id uuid, kind text', state.helpers.map((h) => ({ staff_id: h.staffId, kind: h.kind }))],
    ['complaint_link', 'other_id uuid, kind text', state.links.map((l) => ({ other_id: l.otherId, kind: l.kind }))],
  ] as const
  for (const [table, shape, rows] of lists) {
    const columns = sql.raw(shape.replaceAll(/ (text|uuid)/g, ''))
    await tx.run(sql`delete from ${sql.table(table)} where org_id = ${org} and complaint_id = ${id}`)
    if (rows.length === 0) continue
    await tx.run(
      sql`insert into ${sql.table(table)} (org_id, complaint_id, ${columns}) select distinct ${org}::uuid, ${id}::uuid, ${columns}
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(${sql.raw(shape)})`,
    )
  }
}

async function readCursor(db: Database): Promise<Cursor> {
  const row = await db.withoutScope((tx) =>
    tx.first<{ value: Cursor }>(sql`select value from meta.setting where key = ${cursorKey}`),
  )
  return row?.value ?? { org: lowest, after: lowest }
}

async function writeCursor(db: Database, cursor: Cursor): Promise<void> {
  await db.withoutScope((tx) =>
    tx.run(
      sql`insert into meta.setting (key, value) values (${cursorKey}, ${JSON.stringify(cursor)}::jsonb) on conflict (key) do update set value = excluded.value`,
    ),
  )
}
