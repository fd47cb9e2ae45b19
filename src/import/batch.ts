import { setImmediate } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Database, Tx } from '../kit/db/database.ts'
import { newIds } from '../kit/ids.ts'
import type { Services } from '../kit/services.ts'
import { emptySheet, inserting } from './columns.ts'
import { flawOf } from './domain/life.ts'
import type { Problem, Told } from './domain/told.ts'
import { filesIn, keptIn } from './domain/told-files.ts'
import type { House } from './house.ts'
import { customerOf, type Known, knownOf } from './people-of.ts'
import { addComplaint, externalIdOf, hashOf, importChannel, type Run } from './rows.ts'

/** What became of rows, and of the files they tell of. `known`: imported before as they are; `changed`: imported before, and told otherwise now. */
export type Counts = {
  imported: number
  known: number
  changed: number
  bad: number
  flawed: number
  files: number
  filesLeft: number
}
export const noCounts = (): Counts => ({ imported: 0, known: 0, changed: 0, bad: 0, flawed: 0, files: 0, filesLeft: 0 })

/** A row that was read: what it tells, or what is wrong with it; with its cells as they were. */
export type ReadRow = {
  readonly no: number
  readonly cells: Readonly<Record<string, unknown>>
  readonly told?: Told
  readonly problems: readonly Problem[]
}
/** Statements ready to be sent in one transaction, up to and with row `last`. `shown`: a complaint among them. */
export type Batch = {
  readonly statements: readonly RawBuilder<unknown>[]
  readonly shown: string | undefined
  readonly counts: Counts
  readonly last: number
  readonly fresh: Fresh
}
/** What a batch brings that the database does not know before it is committed. */
export type Fresh = { readonly items: ReadonlyMap<string, string>; readonly people: Known }
export const nothingFresh: Fresh = { items: new Map(), people: new Map() }

type App = Pick<Services, 'db' | 'subkey' | 'numbers'>
const madeAtOnce = 25

/** Makes the rows of the next batch, while the one before is being written (`before` is what that one brings). */
export async function prepare(
  app: App,
  house: House,
  run: Run,
  rows: readonly ReadRow[],
  before: Fresh,
): Promise<Batch> {
  const org = house.org.id
  const all = rows.flatMap(({ told, cells }) => {
    if (!told) return []
    const raw = Buffer.from(JSON.stringify(cells))
    return [{ told, raw, sha256: hashOf(raw), external: externalIdOf(run.source, told.sourceId) }]
  })
  const { items, people } = await app.db.withScope(
    { org },
    async (tx) => ({
      items: await itemsOf(
        tx,
        org,
        all.map((a) => a.external),
      ),
      people: await knownOf(
        tx,
        org,
        all.map((a) => a.told),
      ),
    }),
    'read',
  )
  for (const [key, who] of before.people) if (!people.has(key)) people.set(key, who)
  for (const [id, sha] of before.items) items.set(id, sha)
  const sheet = emptySheet()
  const counts = noCounts()
  const fresh = new Map<string, string>()
  const made: Known = new Map()
  const newId = newIds(run.now)
  for (const [i, { told, raw, sha256, external }] of all.entries()) {
    // What is being sent of the batch before goes on only between two of these: without a pause the database waits for bytes.
    if (i % madeAtOnce === 0) await setImmediate()
    const sha = sha256.toString('hex')
    const met = fresh.get(external) ?? items.get(external)
    if (met !== undefined) {
      counts[met === sha ? 'known' : 'changed'] += 1
      continue
    }
    fresh.set(external, sha)
    const customerId = customerOf(
      sheet,
      { org, now: run.now, locale: house.org.locale, newId },
      people,
      made,
      told.person,
    )
    const number = await app.numbers.next(org, yearIn(house.org.zone, told.receivedAt))
    addComplaint(app, sheet, house, run, { told, number, customerId, raw, sha256 })
    counts.imported += 1
    if (flawOf(told)) counts.flawed += 1
    const kept = keptIn(told)
    counts.files += kept
    counts.filesLeft += filesIn(told).length - kept
  }
  for (const { no, cells, problems } of rows)
    if (problems.length > 0) {
      sheet.import_bad.push([org, run.id, no, cells, problems])
      counts.bad += 1
    }
  const shown = sheet.complaint.at(-1)?.[1]
  return {
    statements: inserting(sheet),
    shown: typeof shown === 'string' ? shown : undefined,
    counts,
    last: rows.at(-1)?.no ?? 0,
    fresh: { items: fresh, people: made },
  }
}

export async function itemsOf(tx: Tx, org: string, external: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ external_id: string; sha: string }>(
    sql`select i.external_id, encode(i.sha256, 'hex') as sha from unnest(${external}::text[]) as g(id)
      cross join lateral (select i.external_id, i.sha256 from inbound_item i
        where i.org_id = ${org} and i.channel = ${importChannel} and i.external_id = g.id offset 0) i`,
  )
  return new Map(rows.map((r) => [r.external_id, r.sha]))
}

/** Another one goes on with this run: it was resumed elsewhere, or undone. */
export class RunTaken extends Error {
  override name = 'RunTaken'
}

/**
 * Writes a batch in one transaction, and with it how far the run has come: killed at any moment it goes on behind what is
 * committed. Throws RunTaken when the run is not where `from` says.
 */
export async function write(
  db: Database,
  org: string,
  run: Run,
  batch: Batch,
  from: number,
  busyMs: number,
  now: number,
): Promise<void> {
  const { counts, last } = batch
  await db.withScope({ org }, async (tx) => {
    const moved = await tx.run(
      sql`update import_run set done = ${last}, imported = imported + ${counts.imported}, known = known + ${counts.known},
          changed = changed + ${counts.changed}, bad = bad + ${counts.bad}, flawed = flawed + ${counts.flawed},
          files = files + ${counts.files}, files_left = files_left + ${counts.filesLeft},
          busy_ms = busy_ms + ${Math.round(busyMs)}, beat_at = ${new Date(now)}
        where org_id = ${org} and id = ${run.id} and done = ${from} and state = 'running'`,
    )
    if (moved === 0) throw new RunTaken(`run ${run.id} is not at row ${from} any more`)
    for (const statement of batch.statements) tx.send(statement)
    // One row of the stream a batch: lists and counts look again, without being told a hundred thousand times.
    if (batch.shown) tx.send(tellingOnce(org, batch.shown, now))
  })
}

function tellingOnce(org: string, id: string, now: number) {
  return sql`insert into stream (org_id, at, complaint_id, version, type, audience)
    select ${org}, ${new Date(now)}, c.id, c.version, 'imported', jsonb_build_object('teamId', c.team_id, 'ownerId', c.owner_id,
      'restricted', false, 'access', '[]'::jsonb, 'helpers', '[]'::jsonb, 'subjects', '[]'::jsonb)
    from complaint c where c.org_id = ${org} and c.id = ${id}`
}

const years = new Map<string, Intl.DateTimeFormat>()
/** Instants come in the order of the file, mostly: the year of one is that of the next. */
function yearIn(zone: string, ms: number): number {
  const utc = new Date(ms)
  const month = utc.getUTCMonth()
  if (month > 0 && month < 11) return utc.getUTCFullYear()
  const format = years.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' })
  years.set(zone, format)
  return Number(format.format(ms))
}
