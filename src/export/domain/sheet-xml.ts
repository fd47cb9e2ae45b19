// A worksheet as Excel reads it. Text stands in its own cells as text (inlineStr): never a formula, whatever it begins with.

/** Text, a number, an instant (days as a spreadsheet counts them), or nothing. */
export type Cell = string | number | { readonly day: number } | null

const mostCharacters = 32_767

export const sheetTail = '</sheetData></worksheet>'

/** The beginning of a sheet whose first row stays in sight; widths in characters. */
export function sheetHead(widths: readonly number[]): string {
  const columns = widths.map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" customWidth="1"/>`).join('')
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns}</cols><sheetData>`
}

/** One row; `style` of all its text cells: 0 plain, 1 bold. Numbers from 1. */
export function rowXml(no: number, cells: readonly Cell[], style = 0): string {
  return `<row r="${no}">${cells.map((cell, i) => cellXml(`${columnName(i)}${no}`, cell, style)).join('')}</row>`
}

function cellXml(at: string, cell: Cell, style: number): string {
  if (cell === null || cell === '') return ''
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`
  if (typeof cell === 'object') return `<c r="${at}" s="2"><v>${cell.day}</v></c>`
  const styled = style === 0 ? '' : ` s="${style}"`
  return `<c r="${at}"${styled} t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`
}

/** A, B … Z, AA … */
export function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : columnName(Math.floor(index / 26) - 1) + last
}

const notXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What XML cannot hold is left out; `_x0041_` would be read as a character of its number, and is written so that it is not. */
export function xmlText(text: string): string {
  return text
    .slice(0, mostCharacters)
    .toWellFormed()
    .replaceAll(notXml, '')
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(/[&<>]/g, (sign) => escapes[sign] ?? sign)
}
