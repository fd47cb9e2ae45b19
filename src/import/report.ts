import type { Database } from '../kit/db/database.ts'
import { itemsOf, type ReadRow } from './batch.ts'
import type { Mapping, Problem, ValueTarget } from './domain/index.ts'
import { flawOf } from './domain/life.ts'
import { idsOf } from './domain/told-files.ts'
import type { Folder } from './files-folder.ts'
import type { House } from './house.ts'
import { readingOf } from './plan.ts'
import { type Detected, rowsOf, type Source } from './read/index.ts'
import { externalIdOf, hashOf } from './rows.ts'

/** What an import would do. */
export type Report = {
  readonly counts: {
    rows: number
    ready: number
    known: number
    changed: number
    bad: number
    flawed: number
    open: number
    closed: number
    /** Files they tell of that lie in the folder, and those that do not. */
    files: number
    filesLeft: number
  }
  /** Whether these are all rows. */
  readonly whole: boolean
  /** The first rows that cannot be taken. */
  readonly firstBad: readonly { readonly no: number; readonly problems: readonly Problem[] }[]
  /** How often each thing is wrong, in which column. */
  readonly problems: readonly { readonly column: string; readonly code: string; readonly count: number }[]
  /** Values that mean nothing here; their rows come in without. */
  readonly unknown: readonly { readonly target: ValueTarget; readonly value: string; readonly count: number }[]
  /** Dates that could be meant with day and month the other way round. */
  readonly swappable: readonly { readonly column: string; readonly count: number }[]
  /** Rows with letters that are none in this encoding. */
  readonly broken: number
}

const shownBad = 20
const shownUnknown = 200

/** Reads the whole file and writes nothing; so many rows at most, and until a moment (by `performance.now()`): the screen does not wait for a million. */
export async function dryRun(
  db: Pick<Database, 'withScope'>,
  house: House,
  source: Source,
  detected: Detected,
  mapping: Mapping,
  now: number,
  until: { readonly rows: number; readonly at: number } = { rows: Infinity, at: Infinity },
  folder: Folder | null = null,
): Promise<Report> {
  const { rows, tally } = readingOf(source, detected, mapping, house, now)
  const counts = {
    rows: 0,
    ready: 0,
    known: 0,
    changed: 0,
    bad: 0,
    flawed: 0,
    open: 0,
    closed: 0,
    files: 0,
    filesLeft: 0,
  }
  const firstBad: Report['firstBad'][number][] = []
  const problems = new Map<string, Report['problems'][number]>()
  const met = new Map<string, string>()
  let broken = 0
  let whole = true
  let batch: ReadRow[] = []
  const settle = async () => {
    const before = await knownItems(db, house, mapping, batch)
    for (const row of batch) {
      if (row.told) countGood(counts, row, before, met, mapping, folder)
      else counts.bad += 1
    }
    batch = []
  }
  for await (const row of rows) {
    counts.rows += 1
    if (row.problems.length > 0 && firstBad.length < shownBad) firstBad.push({ no: row.no, problems: row.problems })
    for (const { column, code } of row.problems) {
      const key = `${code} ${column}`
      problems.set(key, { column, code, count: (problems.get(key)?.count ?? 0) + 1 })
    }
    if (Object.values(row.cells).some((c) => typeof c === 'string' && c.includes('\ufffd'))) broken += 1
    batch.push(row)
    if (batch.length >= 1000) await settle()
    if (counts.rows >= until.rows || (counts.rows % 100 === 0 && performance.now() > until.at)) {
      whole = false
      break
    }
  }
  await settle()
  const unknown = [...tally.unknown].flatMap(([target, values]) =>
    [...values].map(([value, count]) => ({ target, value, count })),
  )
  unknown.sort((a, b) => b.count - a.count)
  return {
    counts,
    whole,
    firstBad,
    problems: [...problems.values()].sort((a, b) => b.count - a.count),
    unknown: unknown.slice(0, shownUnknown),
    swappable: [...tally.swappable]
      .filter(([column]) => !tally.proven.has(column) || tally.contrary.has(column))
      .map(([column, count]) => ({ column, count })),
    broken,
  }
}

function countGood(
  counts: Report['counts'],
  row: ReadRow,
  before: ReadonlyMap<string, string>,
  met: Map<string, string>,
  mapping: Mapping,
  folder: Folder | null,
): void {
  const { told } = row
  if (!told) return
  const external = externalIdOf(mapping.source ?? 'file', told.sourceId)
  const sha = shaOf(row)
  const was = met.get(external) ?? before.get(external)
  if (was !== undefined) {
    counts[was === sha ? 'known' : 'changed'] += 1
    return
  }
  met.set(external, sha)
  counts.ready += 1
  if (flawOf(told)) counts.flawed += 1
  counts[told.state === 'open' ? 'open' : 'closed'] += 1
  const all = [
    { files: told.files, ids: [told.sourceId] },
    ...told.messages.map((m) => ({ files: m.files ?? [], ids: idsOf(m, told) })),
  ]
  for (const { files, ids } of all)
    for (const file of files) counts[folder?.find({ ...file, ids }) ? 'files' : 'filesLeft'] += 1
}
const shaOf = ({ cells }: ReadRow) => hashOf(Buffer.from(JSON.stringify(cells))).toString('hex')

function knownItems(
  db: Pick<Database, 'withScope'>,
  house: House,
  mapping: Mapping,
  rows: readonly ReadRow[],
): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ told }) => (told ? [externalIdOf(mapping.source ?? 'file', told.sourceId)] : []))
  return db.withScope({ org: house.org.id }, (tx) => itemsOf(tx, house.org.id, ids), 'read')
}

/** How many rows a file has; reading alone, for the time left. */
export async function countRows(source: Source, detected: Detected, mapping: Mapping): Promise<number> {
  let count = 0
  for await (const read of rowsOf(source, detected, mapping.format)) if (!('names' in read)) count += 1
  return count
}
