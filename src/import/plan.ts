import { hash } from 'node:crypto'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { RefusalError } from '../kit/pure/result.ts'
import {
  type Cell,
  columnsOf,
  exportMapping,
  type Guess,
  guessMapping,
  isExport,
  type Mapping,
  type Problem,
  rowReader,
  type RowReader,
  type Sample,
  targets,
} from './domain/index.ts'
import type { ReadRow } from './batch.ts'
import type { House } from './house.ts'
import { detect, type Detected, type Read, rowsOf, sampleOf, sheetNames, type Source } from './read/index.ts'

/** The column our files of bad rows say the reason in. */
export const reasonColumn = 'redress: reason'

/** A file looked at: how it is read, its columns with first cells, and what they are most likely meant as. */
export type Looked = {
  readonly detected: Detected
  readonly sample: Sample
  /** The sheets of a workbook with anything in them. */
  readonly sheets: readonly string[]
} & Guess

/** Looks at a file before anything is asked of anybody. Refuses what cannot be read at all. */
export async function look(source: Source, zone: string, format: Mapping['format'] = {}): Promise<Looked> {
  const detected = await detect(source, format)
  const sample = await sampleOf(source, detected, format)
  const guess = isExport(detected.kind)
    ? { mapping: exportMapping(detected.kind), warnings: [] }
    : guessMapping(sample, zone)
  return {
    detected: { ...detected, names: sample.map((c) => c.name) },
    sample,
    sheets: detected.kind === 'xlsx' ? await sheetNames(source) : [],
    mapping: { source: sourceNameOf(source.name), ...guess.mapping },
    warnings: guess.warnings,
  }
}

/** A name for where it comes from, when nobody gives one: that of the file without its endings. */
export function sourceNameOf(fileName: string): string {
  const bare = fileName
    .normalize('NFKC')
    .replace(/(\.(csv|tsv|txt|xlsx|jsonl|ndjson|json|gz))+$/i, '')
    // Rows that were mended belong to where they came from; a browser counts what it has saved before.
    .replace(/( ?\(\d+\))?(\.bad)?( ?\(\d+\))?$/i, '')
  const kept = bare
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .trim()
    .slice(0, 40)
  return /^[\p{L}\p{N}]/u.test(kept) ? kept : 'file'
}

/** Columns a mapping names that the file does not have. */
export function missingColumns(mapping: Mapping, sample: Sample): string[] {
  const names = new Set(sample.map((c) => c.name))
  return targets.flatMap((t) => columnsOf(mapping, t)).filter((name) => !names.has(name))
}

export type Understood = { readonly mapping: Mapping; readonly detected: Detected }

/** The file as a mapping says that it is read. Refuses import.mapping-wrong (422): columns that are not there, no date of receipt. */
export async function understand(source: Source, mapping: Mapping): Promise<Understood> {
  const detected = await detect(source, mapping.format)
  const sample = await sampleOf(source, detected, mapping.format, 50)
  const [missing] = missingColumns(mapping, sample)
  const where = missing ?? (mapping.columns.received ? undefined : 'received')
  if (where !== undefined) throw new RefusalError({ code: 'import.mapping-wrong', status: 422, facts: { where } })
  return { mapping, detected: { ...detected, names: sample.map((c) => c.name) } }
}

export type Reading = { readonly rows: AsyncGenerator<ReadRow>; readonly tally: RowReader['tally'] }

/** The rows of a file, understood: each with what it tells, or with what is wrong with it. */
export function readingOf(source: Source, detected: Detected, mapping: Mapping, house: House, now: number): Reading {
  const reader = rowReader(mapping, house, { zone: house.org.zone, now })
  const nameless = columnsOf(mapping, 'id').length === 0
  const nth = nameless ? counting() : undefined
  const rows = async function* (): AsyncGenerator<ReadRow> {
    for await (const read of rowsOf(source, detected, mapping.format))
      if (!('names' in read)) yield understood(read, reader, nth)
  }
  return { rows: rows(), tally: reader.tally }
}

function understood(
  read: Exclude<Read, { names: unknown }>,
  reader: RowReader,
  nth: ((text: string) => string) | undefined,
): ReadRow {
  const { row, ragged, unreadable, messages, files = [], whole } = read
  const cells = whole === undefined ? kept(row.cells) : (whole as Record<string, unknown>)
  const broken = (code: Problem['code']): ReadRow => ({
    no: row.no,
    cells,
    problems: [{ column: '', value: '', code }],
  })
  if (unreadable) return broken('row-unreadable')
  if (ragged) return broken('row-ragged')
  const { told: words, problems } = reader.read(row, messages)
  const told = words && files.length > 0 ? { ...words, files } : words
  if (!told || !nth) return { no: row.no, cells, problems, ...(told ? { told } : {}) }
  return {
    no: row.no,
    cells,
    problems,
    told: { ...told, sourceId: nth(canonicalJson(JSON.parse(JSON.stringify(cells)))) },
  }
}

/** A row as it is kept: what a spreadsheet shows as a moment stays wall time. Our own column of reasons is no part of it. */
function kept(cells: ReadonlyMap<string, Cell>): Record<string, unknown> {
  return Object.fromEntries(
    [...cells]
      .filter(([name]) => name !== reasonColumn)
      .map(([name, cell]) => [name, cell instanceof Date ? cell.toISOString().replace(/(\.000)?Z$/, '') : cell]),
  )
}

/** Ids for rows without any: of what they say, and for the second that says the same, that it is the second. */
function counting(): (text: string) => string {
  const met = new Map<string, number>()
  return (text) => {
    const said = hash('sha256', text, 'base64url').slice(0, 20)
    const count = (met.get(said) ?? 0) + 1
    met.set(said, count)
    return count === 1 ? `row:${said}` : `row:${said}:${count}`
  }
}
