import type { Writable } from 'node:stream'
import { parse } from 'csv-parse'
import { RefusalError } from '../../kit/pure/result.ts'
import { type Cell, headerRow, headRows, type RawRow } from '../domain/index.ts'
import { lettersOf, limits, type Source } from './bytes.ts'
import type { Read } from './index.ts'

/** A mark before what a spreadsheet would take for a formula, as our own files of bad rows have it. */
const guarded = /^'(?=[=+\-@\t\r＝＋－＠])/u

/** Rows of a file of lines. Ragged ones, quotes that never close and lines beyond measure are told, not dropped. */
export async function* csvRows(
  source: Source,
  encoding: string,
  delimiter: string,
  header?: number,
): AsyncGenerator<Read> {
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: limits.lineChars,
  })
  const feeding = (async () => {
    for await (const text of lettersOf(source, encoding)) if (!parser.write(text)) await drained(parser)
    parser.end()
  })()
  feeding.catch((error: Error) => parser.destroy(error))
  let names: readonly string[] | undefined
  let no = 0
  try {
    for await (const record of fromHeader(parser as AsyncIterable<string[]>, header)) {
      if (!names) {
        names = namesOf(record)
        yield { names }
        continue
      }
      no += 1
      yield {
        row: rowOf(no, names, record),
        ragged: record.length > names.length && record.slice(names.length).some((c) => c !== ''),
      }
    }
  } catch (error) {
    if (error instanceof RefusalError) throw error
    throw new RefusalError({ code: 'import.file-broken', status: 422, facts: { row: no + 1 } })
  } finally {
    parser.destroy()
  }
}

/** The records from that with the names of the columns on: the asked one (from 1), else the one that looks so. */
async function* fromHeader(records: AsyncIterable<string[]>, asked: number | undefined): AsyncGenerator<string[]> {
  let first: string[][] | undefined = []
  for await (const record of records) {
    if (!first) yield record
    else if (first.push(record) === headRows) {
      yield* first.slice(asked === undefined ? headerRow(first) : asked - 1)
      first = undefined
    }
  }
  if (first) yield* first.slice(asked === undefined ? headerRow(first) : asked - 1)
}

/** Once there is room again, or nobody reads any more. */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      stream.off('drain', go)
      stream.off('close', go)
      resolve()
    }
    stream.on('drain', go)
    stream.on('close', go)
  })
}

/** Every column has a name of its own: a second one of the same name is `name (2)`, one without is `#3`. */
export function namesOf(header: readonly unknown[]): string[] {
  if (header.length > limits.columns)
    throw new RefusalError({ code: 'import.too-many-columns', status: 422, facts: { most: limits.columns } })
  const met = new Map<string, number>()
  return header.map((cell, i) => {
    const name =
      String(cell ?? '')
        .trim()
        .slice(0, 200)
        .toWellFormed() || `#${i + 1}`
    const count = (met.get(name) ?? 0) + 1
    met.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

function rowOf(no: number, names: readonly string[], record: readonly string[]): RawRow {
  const cells = new Map<string, Cell>()
  for (let i = 0; i < record.length; i += 1) {
    const text = record[i] ?? ''
    cells.set(names[i] ?? `#${i + 1}`, text.startsWith("'") ? text.replace(guarded, '') : text)
  }
  return { no, cells }
}
