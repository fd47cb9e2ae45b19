import { createInflateRaw } from 'node:zlib'
import { Readable } from 'node:stream'
import readSheets from 'read-excel-file/node'
import { RefusalError } from '../../kit/pure/result.ts'
import { type Cell, headerRow, headRows } from '../domain/index.ts'
import { limits, type Source, wholeOf } from './bytes.ts'
import { namesOf } from './csv.ts'
import type { Read } from './index.ts'

/** Rows of a sheet: the one named, else the first with any. Formulas are what they last came to; dates are dates. */
export async function* xlsxRows(source: Source, sheet: string | undefined, asked?: number): AsyncGenerator<Read> {
  const data = (await sheetOf(source, sheet)).filter((row) => row.some((c) => c !== null && c !== ''))
  const header = asked === undefined ? headerRow(data.slice(0, headRows).map((row) => row.map(cellOf))) : asked - 1
  if (!data[header]) return
  const names = namesOf(data[header])
  yield { names }
  let no = 0
  for (const record of data.slice(header + 1)) {
    no += 1
    const cells = new Map<string, Cell>(names.map((name, i) => [name, cellOf(record[i] ?? null)]))
    yield { row: { no, cells }, ragged: record.slice(names.length).some((c) => c !== null) }
  }
}

function cellOf(cell: unknown): Cell {
  // A workbook counts in fractions of a day: 09:30 comes as 09:29:59.999.
  if (cell instanceof Date) return new Date(Math.round(cell.getTime() / 1000) * 1000)
  if (typeof cell === 'number' || typeof cell === 'boolean') return cell
  return cell === null || cell === undefined ? null : String(cell).toWellFormed().replaceAll('\0', '')
}

async function sheetOf(source: Source, wanted: string | undefined): Promise<readonly (readonly unknown[])[]> {
  const sheets = await sheetsOf(source)
  const found = wanted ? sheets.find((s) => s.sheet === wanted) : sheets.find((s) => s.data.length > 0)
  if (wanted && !found)
    throw new RefusalError({ code: 'import.no-such-sheet', status: 422, facts: { sheets: sheets.map((s) => s.sheet) } })
  return found?.data ?? []
}

/** The names of the sheets with anything in them, in their order. */
export async function sheetNames(source: Source): Promise<string[]> {
  return (await sheetsOf(source)).filter((s) => s.data.length > 0).map((s) => s.sheet)
}

type Sheets = readonly { readonly sheet: string; readonly data: readonly (readonly unknown[])[] }[]
/** A workbook is read whole: once for whoever asks for its names and its rows. */
const known = new WeakMap<Source, Promise<Sheets>>()

function sheetsOf(source: Source): Promise<Sheets> {
  const reading = known.get(source) ?? readAll(source)
  known.set(source, reading)
  return reading
}

async function readAll(source: Source): Promise<Sheets> {
  const bytes = await wholeOf(source, limits.xlsxBytes)
  await assertNoBomb(bytes)
  try {
    return await readSheets(bytes)
  } catch {
    throw new RefusalError({ code: 'import.file-broken', status: 422 })
  }
}

/** Unpacks every entry once, for its size alone: what the file says of it is whatever its maker liked. */
export async function assertNoBomb(zip: Buffer): Promise<void> {
  const bomb = () => new RefusalError({ code: 'import.file-bomb', status: 422 })
  const broken = () => new RefusalError({ code: 'import.file-broken', status: 422 })
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > zip.length) throw broken()
  const entries = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  if (entries > limits.xlsxEntries) throw bomb()
  const most = Math.min(limits.xlsxUnpacked, Math.max(zip.length, 20_000) * limits.ratio)
  let total = 0
  const seen = new Set<number>()
  for (let i = 0; i < entries; i += 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) throw broken()
    const method = zip.readUInt16LE(at + 10)
    const packed = zip.readUInt32LE(at + 20)
    const local = zip.readUInt32LE(at + 42)
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    // Two entries over the same bytes are how a small file says a lot.
    if (seen.has(local) || local + 30 > zip.length) throw bomb()
    seen.add(local)
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const bytes = zip.subarray(from, from + packed)
    if (method === 0) total += bytes.length
    else if (method === 8) total = await inflatedTo(bytes, total, most, bomb, broken)
    else throw broken()
    if (total > most) throw bomb()
  }
}

async function inflatedTo(
  bytes: Buffer,
  before: number,
  most: number,
  bomb: () => Error,
  broken: () => Error,
): Promise<number> {
  let total = before
  const inflating = Readable.from([bytes]).pipe(createInflateRaw())
  try {
    for await (const chunk of inflating as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > most) throw bomb()
    }
  } catch (error) {
    throw error instanceof RefusalError ? error : broken()
  } finally {
    inflating.destroy()
  }
  return total
}
