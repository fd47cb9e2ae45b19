import { RefusalError } from '../../kit/pure/result.ts'
import {
  detectDelimiter,
  detectEncoding,
  type Format,
  isExport,
  type Kind,
  type RawRow,
  type Sample,
  type ToldFile,
  type ToldMessage,
  type Cell,
} from '../domain/index.ts'
import { headOf, type Source } from './bytes.ts'
import { csvRows } from './csv.ts'
import { jsonKind, jsonRows } from './json.ts'
import { sheetNames, xlsxRows } from './xlsx.ts'

export { fileSource, limits, type Source } from './bytes.ts'

/** What reading gives: the names of the columns, once (JSON: again when there are more), then rows. */
export type Read =
  | { readonly names: readonly string[] }
  | {
      readonly row: RawRow
      readonly ragged?: boolean
      /** No row at all: a broken line of JSON. */
      readonly unreadable?: boolean
      readonly messages?: readonly ToldMessage[]
      readonly files?: readonly ToldFile[]
      /** The whole of which the cells are a part. */
      readonly whole?: unknown
    }

/** How a file is read: as asked, the rest as detected. `sure`: the encoding is certain. */
export type Detected = {
  readonly kind: Kind
  readonly encoding: string
  readonly bom: boolean
  readonly sure: boolean
  readonly delimiter: string | null
  readonly packed: boolean
  /** JSON with an object a line. */
  readonly byLine: boolean
  readonly names?: readonly string[]
}

/** Looks at the first bytes. Refuses an empty file, and an encoding nobody knows. */
export async function detect(source: Source, asked: Format = {}): Promise<Detected> {
  const { head, whole } = await headOf(source)
  if (head.length === 0) throw new RefusalError({ code: 'import.file-empty', status: 422 })
  const packed = /\.gz$/i.test(source.name)
  if (head.length > 4 && head.readUInt32BE(0) === 0x504b0304)
    return { kind: 'xlsx', encoding: '', bom: false, sure: true, delimiter: null, packed, byLine: false }
  const found = detectEncoding(head, whole)
  const encoding = asked.encoding ?? found.name
  const text = letters(head, encoding)
  const json = /^\ufeff?\s*[[{]/.test(text) ? jsonKind(text) : undefined
  const kind = asked.kind ?? json?.kind ?? 'csv'
  const byLine = kind === 'jsonl' || (json?.byLine ?? false)
  const delimiter = kind === 'csv' ? (asked.delimiter ?? detectDelimiter(text)) : null
  return { kind, encoding, bom: found.bom, sure: asked.encoding !== undefined || found.sure, delimiter, packed, byLine }
}

function letters(head: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(head, { stream: true })
  } catch {
    throw new RefusalError({ code: 'import.unknown-encoding', status: 422, facts: { encoding } })
  }
}

/** The rows of a file, one after another, in bounded memory (XLSX: within its limits). */
export function rowsOf(
  source: Source,
  { kind, encoding, delimiter, byLine }: Detected,
  asked: Format = {},
): AsyncGenerator<Read> {
  if (kind === 'xlsx') return xlsxRows(source, asked.sheet, asked.header)
  return kind === 'csv'
    ? csvRows(source, encoding, delimiter ?? ',', asked.header)
    : jsonRows(source, encoding, kind, byLine)
}

/** The columns with their first cells, to guess by and to show. */
export async function sampleOf(source: Source, detected: Detected, asked: Format = {}, most = 1000): Promise<Sample> {
  let names: readonly string[] = []
  const rows: ReadonlyMap<string, Cell>[] = []
  for await (const read of rowsOf(source, detected, asked)) {
    if ('names' in read) names = read.names
    else if (rows.push(read.row.cells) >= most) break
  }
  if (names.length === 0) throw new RefusalError({ code: 'import.no-rows', status: 422 })
  return names.map((name) => ({ name, cells: rows.map((cells) => cells.get(name) ?? null) }))
}

export { isExport, sheetNames }
