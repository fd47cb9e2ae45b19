import type { Readable } from 'node:stream'
import writeWorkbook, { type Cell, type Row, type Sheet } from 'write-excel-file/node'
import { calendarName, difference, inOrder, keepsOrder, type Measure, measures, rocName, span } from './domain/index.ts'
import type { Figures } from './figures.ts'
import { filled, labelIn, type Words } from './words.ts'

/**
 * The figures as an Excel workbook of three sheets: figures, reconciliation, definitions. Numbers are numbers; all else is text
 * and never a formula, whatever it begins with (a cell is one only by its type). `made` is the moment in words.
 */
export async function workbookOf(figures: Figures, words: Words, made: string): Promise<Readable> {
  const { sheet } = words.figures
  const sheets: Sheet<never>[] = [
    { sheet: sheet.figures, data: table(figures, words, made), columns: widths(figures), stickyColumnsCount: 1 },
    { sheet: sheet.balance, data: balance(figures, words), columns: [{ width: 30 }, { width: 14 }, { width: 14 }] },
    { sheet: sheet.definitions, data: definitions(words), columns: [{ width: 20 }, { width: 110 }] },
  ]
  const stream = await (writeWorkbook(sheets).toStream as () => Promise<Readable>)()
  return stream
}

/** `週報-類型-2026-03-02–2026-03-08.xlsx` */
export function fileName({ period, by }: Pick<Figures, 'period' | 'by'>, { figures }: Words, ending = 'xlsx'): string {
  const days = period.first === period.last ? period.first : `${period.first}_${period.last}`
  return `${figures.file[period.kind]}-${figures.by[by]}-${days}.${ending}`
}

const text = (value: string): Cell => ({ type: String, value })
const bold = (value: string): Cell => ({ type: String, value, fontWeight: 'bold' })
const head = (value: string): Cell => ({ type: String, value, fontWeight: 'bold', align: 'right', wrap: true })
const number = (value: number): Cell => ({ type: Number, value, format: '#,##0' })
const signed = (value: number): Cell => ({ type: Number, value, format: '+#,##0;-#,##0;0' })
const share = (part: number, whole: number): Cell =>
  whole === 0 ? text('–') : { type: Number, value: part / whole, format: '0.0%' }

export function periodWords(period: Figures['period'], { figures, locale }: Words): string {
  const { key, values } = calendarName(period)
  const roc = locale === 'zh-Hant' ? `（${filled(figures.roc, { date: rocName(period) })}）` : ''
  return `${filled(figures.period[key], values)}  ${span(period)}${roc}`
}

function table(f: Figures, words: Words, made: string): Row[] {
  const { figures: w } = words
  const facts: [string, string][] = [
    [w.sheet.period, periodWords(f.period, words)],
    ...(f.before ? [[w.sheet.before, periodWords(f.before, words)] as [string, string]] : []),
    [w.sheet.by, w.by[f.by]],
    [w.sheet.reach, w.reach[f.reach]],
    [w.sheet.zone, f.period.zone],
    [w.sheet.made, made],
  ]
  const compared = f.before !== null
  const titles = measures.flatMap((m) => [
    head(w.measure[m]),
    ...(compared ? [head(`${w.measure[m]}・${w.previous}`), head(`${w.measure[m]}・${w.change}`)] : []),
  ])
  const rows = inOrder(f.rows, 'received', keepsOrder(f.by)).map((row) => [
    text(`${'　'.repeat(row.depth)}${nameIn(row, f.by, words)}`),
    ...cells(row, compared),
    share(row.now.received, f.total.now.received),
  ])
  return [
    [bold(w.title)],
    ...facts.map(([name, value]): Row => [text(name), text(value)]),
    [],
    [bold(w.sheet.name), ...titles, head(`${w.measure.received}・${w.share}`)],
    ...rows,
    [bold(w.total), ...cells(f.total, compared), share(f.total.now.received, f.total.now.received)],
    ...(f.merged > 0 ? [[], [text(filled(w.merged, { count: f.merged }))]] : []),
  ]
}

type Pair = Figures['total']
function cells({ now, before }: Pair, compared: boolean): Cell[] {
  return measures.flatMap((m: Measure) => {
    const earlier = before?.[m] ?? 0
    return compared ? [number(now[m]), number(earlier), signed(now[m] - earlier)] : [number(now[m])]
  })
}

type Named = Pick<Figures['rows'][number], 'key' | 'label'>
/** The name of a row in the language of the file. */
export function nameIn({ key, label }: Named, by: Figures['by'], { figures: w, locale }: Words): string {
  if (key === null) return by === 'owner' ? w['no-owner'] : w.none
  if (by === 'severity') return (w.severities as Record<string, string>)[key] ?? key
  return labelIn(locale, label) || key
}

function balance(f: Figures, { figures: w }: Words): Row[] {
  const of = (name: keyof Figures['balance'], title: string): Row => [
    text(title),
    number(f.balance[name]),
    ...(f.balanceBefore ? [number(f.balanceBefore[name])] : []),
  ]
  return [
    [bold(w.balance), head(w.sheet.now), ...(f.balanceBefore ? [head(w.sheet.previous)] : [])],
    of('opening', w.opening),
    of('received', `＋ ${w.measure.received}`),
    of('reopened', `＋ ${w.reopened}`),
    of('closed', `－ ${w.measure.closed}`),
    of('open', `＝ ${w.measure.open}`),
    [
      text(w.sheet.difference),
      number(difference(f.balance)),
      ...(f.balanceBefore ? [number(difference(f.balanceBefore))] : []),
    ],
    [],
    [text(w['balance-line'])],
  ]
}

function definitions({ figures: w }: Words): Row[] {
  const named: Record<string, string> = {
    ...w.measure,
    opening: w.opening,
    reopened: w.reopened,
    share: w.share,
    change: w.change,
  }
  return Object.entries(w.means).map(([name, sentence]) => [
    bold(named[name] ?? ''),
    { type: String, value: sentence, wrap: true },
  ])
}

function widths(f: Figures): { width: number }[] {
  const columns = measures.length * (f.before ? 3 : 1) + 1
  return [{ width: 34 }, ...Array.from({ length: columns }, () => ({ width: 13 }))]
}
