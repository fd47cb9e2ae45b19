import type { Content, Definition } from 'pdfmake'
import type { Block, CaseFile, Tone } from './document.ts'

const quiet = '#59606a'
const line = '#d5d9de'
const tones: Readonly<Record<Tone, string>> = { in: '#3a6ea5', out: '#2f7d4f', note: '#b7791f', event: '#d5d9de' }
/** A4 without its margins, in points. */
const width = 595 - 2 * 44

/** The case file as pdfmake lays it out; texts are texts, nothing in them means anything. */
export function pdfOf(file: CaseFile): Definition {
  return {
    pageSize: 'A4',
    pageMargins: [44, 48, 44, 52],
    defaultStyle: { font: 'Han', fontSize: 9.5, lineHeight: 1.25 },
    info: { title: file.title, subject: file.made[0] ?? '', creator: 'Redress' },
    content: [
      { text: file.organisation, bold: true, color: quiet },
      { text: file.title, fontSize: 17, bold: true, margin: [0, 2, 0, 2] },
      { text: file.subject, fontSize: 12, margin: [0, 0, 0, 4] },
      ...file.made.map((text): Content => ({ text, fontSize: 8.5, color: quiet })),
      ...file.blocks.flatMap(blockPdf),
    ],
    // A heading at the foot of a page goes to the next with what it is about.
    pageBreakBefore: ({ headlineLevel, startPosition }) => headlineLevel === 1 && startPosition.verticalRatio > 0.86,
    footer: (page, pages) => ({
      columns: [
        { text: file.title, width: '*' },
        { text: file.pageOf.replace('{page}', String(page)).replace('{pages}', String(pages)), width: 'auto' },
      ],
      fontSize: 8,
      color: quiet,
      margin: [44, 14, 44, 0],
    }),
  }
}

function blockPdf(block: Block): Content[] {
  if (block.kind === 'heading')
    return [
      { text: block.text, fontSize: 12, bold: true, margin: [0, 14, 0, 3], headlineLevel: 1 },
      {
        canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.6, lineColor: '#9aa1ab' }],
        margin: [0, 0, 0, 5],
      },
    ]
  if (block.kind === 'text')
    return [{ text: block.text, margin: [0, 2, 0, 4], ...(block.quiet ? { fontSize: 8.5, color: quiet } : {}) }]
  if (block.kind === 'facts') return [factsPdf(block.rows)]
  if (block.kind === 'point') return [pointPdf(block)]
  if (block.kind === 'table') return [tablePdf(block)]
  return [entryPdf(block)]
}

function factsPdf(rows: readonly (readonly [string, string])[]): Content {
  return {
    margin: [0, 8, 0, 0],
    table: {
      widths: [120, '*'],
      dontBreakRows: true,
      body: rows.map(([name, value]) => [{ text: name, color: quiet }, { text: value }]),
    },
    layout: ruled,
  }
}

function pointPdf(point: Extract<Block, { kind: 'point' }>): Content {
  return {
    margin: [0, 0, 0, 6],
    stack: [
      { text: `${point.no}. ${point.text}` },
      { text: point.finding, bold: true },
      ...(point.answer ? [{ text: point.answer, margin: [10, 1, 0, 0] as [number, number, number, number] }] : []),
    ],
  }
}

function tablePdf({ head, rows, widths, fine }: Extract<Block, { kind: 'table' }>): Content {
  const room = width - 4 - 8 * (widths.length - 1)
  return {
    margin: [0, 2, 0, 0],
    fontSize: 8,
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: widths.map((share) => (room * share) / 100),
      body: [
        head.map((text) => ({ text, bold: true })),
        ...rows.map((row) => row.map((text, i) => (i === fine ? { text: hashLines(text), fontSize: 6.5 } : { text }))),
      ],
    },
    layout: ruled,
  }
}

/** A hash has no place to break at: two lines of it. */
const hashLines = (text: string) => (/^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 32)}\n${text.slice(32)}` : text)

/** A line beside it says who speaks, as on the page. */
function entryPdf({ tone, at, head, text, small }: Extract<Block, { kind: 'entry' }>): Content {
  const color = tones[tone]
  return {
    margin: [0, 0, 0, 6],
    table: {
      widths: ['*'],
      body: [
        [
          {
            stack: [
              {
                text: [
                  { text: `${at}  `, color: quiet },
                  { text: head, bold: tone !== 'event' },
                ],
                fontSize: 8.8,
              },
              ...(text ? [{ text, preserveLeadingSpaces: true }] : []),
              ...small.map((t) => ({ text: t, fontSize: 8.2, color: quiet })),
            ],
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: (i: number) => (i === 0 ? 1.6 : 0),
      vLineColor: () => color,
      paddingLeft: () => 9,
      paddingTop: () => 0,
      paddingBottom: () => 0,
    },
  }
}

const ruled = {
  hLineWidth: (i: number, node: { table: { body: unknown[] } }) => (i === 0 || i === node.table.body.length ? 0 : 0.3),
  vLineWidth: () => 0,
  hLineColor: () => line,
  paddingLeft: (i: number) => (i === 0 ? 0 : 4),
  paddingRight: () => 4,
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
}
