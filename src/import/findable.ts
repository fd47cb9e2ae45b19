import { setImmediate } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import { headsOf } from '../complaints/index.ts'
import type { Database, Tx } from '../kit/db/database.ts'
import { indexRestLater, type Searchable, searchRows } from '../search/index.ts'
import { rowsInto, type Value } from './columns.ts'

/** Complaints a transaction: it holds them, and whoever would change one of them waits as long. */
const atOnce = 300

type Place = { readonly found: number; readonly done: number; readonly no: number }
type Said = {
  readonly complaint: string
  readonly id: string
  readonly visibility: 'public' | 'internal'
  readonly body: string
  readonly at: number
}

/** A row that was passed over: its words cannot be made findable. `why`: an SQLSTATE or the name of an error, never words. */
export type PassedOver = { readonly complaint: string; readonly row: number; readonly why: string }
/** So many are not to blame themselves: somebody has to look. */
const passedOverAtMost = 1000

/**
 * Makes the next complaints of a run findable. They came in without: lexemes and their index take as long as all the rest, and
 * neither lists nor figures need them. One transaction that also says how far it is; what has been changed meanwhile has its rows
 * already and keeps them. Gives how many rows of the run are left, null when another worker is at it. One that cannot be made
 * findable is looked for by halves and passed over with a `note`: those behind it must not wait for ever.
 */
export async function findableNext(
  app: { readonly systemDb: Database },
  org: string,
  run: string,
  note: (one: PassedOver) => void = () => undefined,
): Promise<number | null> {
  let from = -1
  const began = (found: number) => {
    from = found
  }
  for (let most = atOnce; ; most = Math.ceil(most / 2)) {
    try {
      return await makeNext(app.systemDb, org, run, most, began)
    } catch (error) {
      const why = ofTheRow(error)
      if (why === null) throw error
      if (most > 1) continue
      const { left, passed } = await passOver(app.systemDb, org, run, from, why)
      if (!passed) throw error
      note(passed)
      return left
    }
  }
}

/** What a row is to blame for: its values, a rule of its table, a limit it breaks, a defect of ours. A lost connection it is not. */
function ofTheRow(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string') return /^(22|23|54)...$/.test(code) ? code : null
  return error instanceof TypeError || error instanceof RangeError ? error.name : null
}

/** Nothing happens when another worker has gone on from there meanwhile. */
async function passOver(systemDb: Database, org: string, run: string, from: number, why: string) {
  return systemDb.withoutScope(async (tx) => {
    const next = await tx.first<{ complaint: string; row: number; left: number }>(
      sql`update import_run r set found = i.no, unfindable = unfindable + 1
        from (select complaint_id, no from import_item where org_id = ${org} and run_id = ${run} and no > ${from} order by no limit 1) i
        where r.org_id = ${org} and r.id = ${run} and r.found = ${from} and r.unfindable < ${passedOverAtMost}
        returning i.complaint_id as complaint, i.no as row, r.done - r.found as left`,
    )
    return { left: next?.left ?? null, passed: next && { complaint: next.complaint, row: next.row, why } }
  })
}

function makeNext(
  systemDb: Database,
  org: string,
  run: string,
  most: number,
  began: (found: number) => void,
): Promise<number | null> {
  return systemDb.withoutScope(async (tx) => {
    const at = await tx.first<Place>(
      sql`select r.found, r.done, o.no from import_run r join organisation o on o.org_id = r.org_id
        where r.org_id = ${org} and r.id = ${run} for update of r skip locked`,
    )
    if (!at) return null
    began(at.found)
    if (at.found >= at.done) return 0
    const items = await tx.rows<{ id: string; no: number }>(
      sql`select complaint_id as id, no from import_item where org_id = ${org} and run_id = ${run} and no > ${at.found} order by no limit ${most}`,
    )
    const found = items.length < most ? at.done : (items.at(-1)?.no ?? at.done)
    const ids = items.map((i) => i.id)
    if (ids.length > 0) await add(tx, { id: org, no: at.no }, ids)
    tx.send(sql`update import_run set found = ${found} where org_id = ${org} and id = ${run}`)
    return at.done - found
  })
}

/** Rows of a statement: while the database writes some, the next are made. */
const rowsAtOnce = 100

async function add(tx: Tx, org: { id: string; no: number }, ids: readonly string[]): Promise<void> {
  let rows: (readonly Value[])[] = []
  const send = () => {
    if (rows.length > 0) tx.send(rowsInto('search_row', rows))
    rows = []
  }
  const push = async (complaint: string, item: Searchable) => {
    for (const r of searchRows(org, item))
      rows.push([org.id, r.id, complaint, r.message_id, r.part, r.visibility, r.at, r.tsv])
    if (rows.length >= rowsAtOnce) send()
    // What is being sent goes on only between two of these.
    if (rows.length % 10 === 0) await setImmediate()
  }
  hold(tx, org.id, ids)
  const [heads, said] = await Promise.all([headsMissing(tx, org.id, ids), saidMissing(tx, org.id, ids)])
  for (const { id, receivedAt, text, who } of heads)
    await push(id, { messageId: null, visibility: 'public', at: receivedAt, text, who })
  for (const { complaint, id, visibility, body, at } of said) {
    const item: Searchable = { messageId: id, visibility, at, text: body }
    await push(complaint, item)
    indexRestLater(tx, org.id, complaint, [item])
  }
  send()
}

/** Whoever changes a complaint or a customer writes the head anew: before or after us, never at the same time. Customers first, as everybody. */
function hold(tx: Tx, org: string, ids: readonly string[]): void {
  tx.send(sql`select from customer where org_id = ${org} and id = any (array(
      select customer_id from complaint where org_id = ${org} and id = any (${ids}::uuid[]))) order by id for share`)
  tx.send(sql`select from complaint where org_id = ${org} and id = any (${ids}::uuid[]) order by id for no key update`)
}

const rowOf = (message: RawBuilder<unknown>) => sql`exists (select from search_row s where s.org_id = x.org_id
  and s.complaint_id = x.complaint_id and s.message_id is not distinct from ${message})`

async function headsMissing(tx: Tx, org: string, ids: readonly string[]) {
  const missing = await tx.rows<{ id: string }>(
    sql`select x.complaint_id as id from complaint_text x where x.org_id = ${org} and x.complaint_id = any (${ids}::uuid[]) and not ${rowOf(sql`null`)}`,
  )
  return headsOf(
    tx,
    org,
    missing.map((m) => m.id),
  )
}

function saidMissing(tx: Tx, org: string, ids: readonly string[]): Promise<Said[]> {
  return tx.rows<Said>(
    sql`select x.complaint_id as complaint, x.id, x.visibility, x.body, x.at from message x
      where x.org_id = ${org} and x.complaint_id = any (${ids}::uuid[]) and x.body <> '' and not ${rowOf(sql`x.id`)}`,
  )
}

/** Runs of which something waits to be findable, and which nobody is bringing in at the moment. */
export function runsToFind(systemDb: Database, now: number): Promise<{ org: string; run: string }[]> {
  return systemDb.withoutScope((tx) =>
    tx.rows(
      sql`select org_id as org, id as run from import_run where found < done and (state <> 'running' or beat_at < ${new Date(now - 60_000)})
        order by ended_at limit 100`,
    ),
  )
}

/** Asks the worker to make a run findable; a part of the transaction that ends it. */
export const findLater = (org: string, run: string): RawBuilder<unknown> =>
  sql`select enqueue_job('make_findable', ${JSON.stringify({ org, run })}::json, ${`findable:${run}`})`
