import { sql } from 'kysely'
import { listComplaints, countMatching, type RowReply, rowsFor } from '../complaints/index.ts'
import type { Labels } from '../kit/contract/shapes.ts'
import type { Tx } from '../kit/db/database.ts'
import { csvLine, csvMark } from '../kit/pure/csv.ts'
import { RefusalError } from '../kit/pure/result.ts'
import type { StaffActor } from '../people/index.ts'
import { idsFound } from '../search/index.ts'
import { type Format, type ListQuery, mostRows, type SearchQuery } from './contract.ts'
import { serialDay, wallTime } from './domain/instant.ts'
import { headOf, columns, moreOf, type Value, valuesOf } from './list-columns.ts'
import { namesOf } from './names.ts'
import { workbookOf } from './workbook.ts'
import { type Words, wordsOf } from './words.ts'

const pageLength = 500

/** What is exported: the list with its filters, or what a search finds. */
export type Asked =
  | { readonly of: 'list'; readonly query: Omit<ListQuery, 'language'> }
  | { readonly of: 'search'; readonly query: Omit<SearchQuery, 'language'> }

export type Reader = { readonly actor: StaffActor; readonly locale: Words['locale']; readonly now: number }

/** Refuses a list that is longer than a file may be, before anything is written. A search is asked for one more than that. */
export async function assertFits(tx: Tx, { actor, now }: Reader, asked: Asked, most = mostRows): Promise<void> {
  if (asked.of === 'search') return
  const { count, exact } = await countMatching(tx, actor, asked.query, now, most)
  if (!exact) throw tooMany(count)
}

const tooMany = (most: number) => new RefusalError({ code: 'export.too-many', status: 422, facts: { most } })

/** The bytes of the file: every row the reader's list has now, in its order, page by page within one transaction. */
export async function* listFile(tx: Tx, reader: Reader, asked: Asked, format: Format): AsyncGenerator<Uint8Array> {
  const words = await wordsFor(tx, reader)
  const rows = tableOf(tx, reader, asked, words)
  yield* format === 'csv' ? csvOf(rows, words, reader.actor.zone) : xlsxOf(rows, words, reader.actor.zone)
}

async function wordsFor(tx: Tx, { actor, locale }: Reader): Promise<Words> {
  const org = await tx.first<{ term_set: string; name: Labels }>(
    sql`select term_set, name from organisation where org_id = ${actor.org.id}`,
  )
  return wordsOf(locale, org?.term_set ?? 'retail')
}

/** Rows as values, a page at a time. */
async function* tableOf(tx: Tx, reader: Reader, asked: Asked, words: Words): AsyncGenerator<Value[][]> {
  const org = reader.actor.org.id
  const names = await namesOf(tx, org, words)
  for await (const page of pagesOf(tx, reader, asked)) {
    const more = await moreOf(
      tx,
      org,
      page.map((r) => r.id),
    )
    yield page.flatMap((row) => {
      const rest = more.get(row.id)
      return rest ? [valuesOf({ row, more: rest, names, t: words.t })] : []
    })
  }
}

async function* pagesOf(tx: Tx, { actor, now }: Reader, asked: Asked): AsyncGenerator<RowReply[]> {
  let cursor: string | undefined
  let count = 0
  do {
    const part = { limit: pageLength, cursor }
    const page: { items: RowReply[]; next: string | null } =
      asked.of === 'list'
        ? await listComplaints(tx, actor, { ...asked.query, ...part }, now)
        : await rowsFound(tx, actor, { ...asked.query, ...part }, now)
    count += page.items.length
    if (count > mostRows) throw tooMany(mostRows)
    yield page.items
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}

async function rowsFound(tx: Tx, actor: StaffActor, query: Parameters<typeof idsFound>[2], now: number) {
  const { ids, next } = await idsFound(tx, actor, query)
  const rows = new Map((await rowsFor(tx, actor, ids, now)).map((row) => [row.id, row]))
  return { items: ids.flatMap((id) => rows.get(id) ?? []), next }
}

async function* csvOf(pages: AsyncIterable<Value[][]>, words: Words, zone: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvMark + csvLine(headOf(words)))
  const cell = (value: Value) => (value === null ? '' : typeof value === 'string' ? value : wallTime(value.at, zone))
  for await (const page of pages) yield Buffer.from(page.map((row) => csvLine(row.map(cell))).join(''))
}

function xlsxOf(pages: AsyncIterable<Value[][]>, words: Words, zone: string): AsyncGenerator<Uint8Array> {
  const cell = (value: Value) =>
    value !== null && typeof value === 'object' ? { day: serialDay(value.at, zone) } : value
  async function* rows() {
    for await (const page of pages) yield page.map((row) => row.map(cell))
  }
  const widths = columns.map((c) => c.width)
  return workbookOf({ name: words.t('export.sheet'), widths, head: headOf(words), rows: rows() })
}

/** `客訴清單-2026-03-03.csv` */
export function listFileName({ locale, actor, now }: Reader, asked: Asked, format: Format, termSet = 'retail'): string {
  const { t } = wordsOf(locale, termSet)
  const day = wallTime(now, actor.zone).slice(0, 10)
  return `${t(asked.of === 'list' ? 'export.file-list' : 'export.file-search')}-${day}.${format}`
}
