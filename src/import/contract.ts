import { z } from 'zod'
import { endpoint } from '../kit/contract/endpoint.ts'
import { id, instant, labels } from '../kit/contract/shapes.ts'

const path = '/api/v1/settings/imports'
const byId = z.object({ id })
/** As `mappingShape` (mapping-shape.ts) has it: columns, values, dates, defaults, format. */
const mapping = z.record(z.string(), z.unknown())
const count = z.number().int()
const refusals = [
  'import.no-such-run',
  'import.mapping-wrong',
  'import.file-broken',
  'import.file-bomb',
  'import.too-slow',
]

export const importRun = z.object({
  id,
  source: z.string(),
  fileName: z.string(),
  /** `new` (a file, nothing said of it yet), `ready`, `running`, `stopped`, `failed`, `done`. */
  state: z.string(),
  total: count.nullable(),
  done: count,
  imported: count,
  known: count,
  changed: count,
  bad: count,
  flawed: count,
  /** Files that exports tell of: brought along, and not. */
  files: count,
  filesLeft: count,
  /** Rows whose complaints are there and counted, and not yet found by their words. */
  unfound: count,
  /** Of those that came in how many cannot be found by their words, as something is wrong with them. */
  unfindable: count,
  /** Rows a second since it began, and ms until the end at that rate; null while it does not run. */
  perSecond: count.nullable(),
  leftMs: count.nullable(),
  reason: z.string().nullable(),
  createdAt: instant,
  endedAt: instant.nullable(),
})
export type ImportRun = z.infer<typeof importRun>

export const listImports = endpoint({
  id: 'imports.list',
  method: 'GET',
  path,
  summary: 'Histories that were brought in, the newest first',
  reply: z.object({ items: z.array(importRun) }),
})

export const readImport = endpoint({
  id: 'imports.read',
  method: 'GET',
  path: `${path}/:id`,
  summary: 'One of them, how far it is, and the first complaints that came of it',
  params: byId,
  reply: importRun.extend({
    items: z.array(
      z.object({ id, number: z.string(), title: z.string(), sourceId: z.string(), flaw: z.string().nullable() }),
    ),
  }),
  refusals,
})

export const lookAtImport = endpoint({
  id: 'imports.look',
  method: 'POST',
  path: `${path}/:id/look`,
  summary: 'How the file is read, its first rows, and what its columns are most likely meant as',
  params: byId,
  body: z.object({
    encoding: z.string().max(40).optional(),
    delimiter: z.string().max(1).optional(),
    sheet: z.string().max(200).optional(),
    header: count.min(1).max(20).optional(),
  }),
  reply: z.object({
    kind: z.string(),
    encoding: z.string(),
    sure: z.boolean(),
    delimiter: z.string().nullable(),
    /** `date`: how its dates are written, where it has any. */
    columns: z.array(z.object({ name: z.string(), cells: z.array(z.string()), date: z.string().nullable() })),
    /** The sheets of a workbook that have anything in them. */
    sheets: z.array(z.string()),
    /** The file whose mapping this one gets, as it has the same columns and source; null: it was guessed. */
    mappedAs: z.string().nullable(),
    mapping,
    warnings: z.array(z.object({ code: z.string(), column: z.string(), count, of: count })),
    /** What values can mean here, by target. */
    lists: z.record(
      z.string(),
      z.array(z.object({ id: z.string(), name: z.string(), labels: labels.partial().nullable() })),
    ),
  }),
  refusals,
})

export const tryImport = endpoint({
  id: 'imports.try',
  method: 'POST',
  path: `${path}/:id/trial`,
  summary: 'What an import would do; reads the first 20,000 rows and writes nothing',
  params: byId,
  body: z.object({ mapping }),
  reply: z.object({
    counts: z.record(z.string(), count),
    /** Whether these are all rows. */
    whole: z.boolean(),
    firstBad: z.array(
      z.object({ no: count, problems: z.array(z.object({ column: z.string(), value: z.string(), code: z.string() })) }),
    ),
    problems: z.array(z.object({ column: z.string(), code: z.string(), count })),
    unknown: z.array(z.object({ target: z.string(), value: z.string(), count })),
    swappable: z.array(z.object({ column: z.string(), count })),
    broken: count,
  }),
  refusals,
})

export const startImportRun = endpoint({
  id: 'imports.start',
  method: 'POST',
  path: `${path}/:id/start`,
  summary: 'Brings the file in by this mapping, in the background; without one it goes on where it was broken off',
  params: byId,
  body: z.object({ mapping: mapping.optional() }),
  reply: z.object({}),
  refusals,
})

export const stopImportRun = endpoint({
  id: 'imports.stop',
  method: 'POST',
  path: `${path}/:id/stop`,
  summary: 'Stops it behind the rows it has; what came in stays',
  params: byId,
  reply: z.object({}),
  refusals,
})

const elsewhere = z.object({ id, source: z.string(), fileName: z.string(), createdAt: instant })

export const nameImport = endpoint({
  id: 'imports.name',
  method: 'GET',
  path: '/api/v1/imports/:id',
  summary: 'What an import is called, for whoever reads what came of it',
  params: byId,
  reply: elsewhere,
  refusals: ['import.no-such-run'],
})

export const readOrigin = endpoint({
  id: 'imports.origin',
  method: 'GET',
  path: '/api/v1/complaints/:id/origin',
  summary:
    'Where an imported complaint comes from: the source, its id there, and what its type, team and the like were called there',
  params: byId,
  reply: elsewhere.extend({
    sourceId: z.string(),
    flaw: z.string().nullable(),
    values: z.array(z.object({ target: z.string(), value: z.string() })),
  }),
  refusals: ['complaints.not-found', 'import.not-imported'],
})

/** Where a file is put before anything is said of it (`multipart/form-data`, field `file`); answers `{id}`. */
export const importFilesPath = `${path}/files`
export const badRowsPath = (run: string) => `${path}/${run}/bad-rows`
