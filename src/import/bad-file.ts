import type { Database } from '../kit/db/database.ts'
import { csvLine, csvMark } from '../kit/pure/csv.ts'
import { reasonColumn } from './plan.ts'
import { badRows, type RunRow } from './runs.ts'

/** What the file of bad rows is called: beside the one it came from, a table where that was one, else JSON a line. */
export const badFileName = ({ fileName, format }: Pick<RunRow, 'fileName' | 'format'>): string =>
  `${fileName.replace(/(\.(csv|tsv|txt|xlsx|jsonl|ndjson|json|gz))+$/i, '')}.bad.${isTable(format) ? 'csv' : 'jsonl'}`

const isTable = ({ kind }: RunRow['format']) => kind === 'csv' || kind === 'xlsx'

/** The rows that could not be taken, with the same columns and the reason: mended, they are imported by themselves. */
export async function* badFile(
  db: Pick<Database, 'withScope'>,
  org: string,
  run: RunRow,
  /** A reason in the reader's words; the code stands behind it. */
  say?: (code: string) => string,
): AsyncGenerator<string> {
  const table = isTable(run.format)
  let names: readonly string[] | undefined
  for (let after = 0; ; ) {
    const rows = await db.withScope({ org }, (tx) => badRows(tx, org, run.id, after), 'read')
    for (const { row, problems } of rows) {
      const reason = problems
        .map((p) => [p.column, say ? `${say(p.code)} (${p.code})` : p.code, p.value].filter(Boolean).join(': '))
        .join('; ')
      if (!table) yield `${JSON.stringify({ ...row, [reasonColumn]: reason })}\n`
      else {
        if (!names) {
          names = namesOf(run, Object.keys(row))
          yield csvMark + csvLine([...names, reasonColumn])
        }
        yield csvLine([...names.map((name) => text(row[name])), reason])
      }
    }
    const last = rows.at(-1)
    if (!last) return
    after = last.no
  }
}

/** The columns of the file; jsonb does not keep the order of its keys. */
const namesOf = ({ format }: RunRow, keys: readonly string[]) => {
  const known = format.names ?? []
  return [...known, ...keys.filter((k) => !known.includes(k))].filter((k) => k !== reasonColumn)
}
const text = (cell: unknown) =>
  cell === null || cell === undefined
    ? ''
    : typeof cell === 'string'
      ? cell
      : typeof cell === 'object'
        ? JSON.stringify(cell)
        : String(cell)
