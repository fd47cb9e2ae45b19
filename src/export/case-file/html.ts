import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Block, CaseFile } from './document.ts'

const style = readFileSync(new URL('./print.css', import.meta.url), 'utf8')

/** What this page may do: show itself. Nothing is loaded, run or sent, whatever somebody wrote into a complaint. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** A page that stands alone: it can be kept, mailed and printed. */
export function htmlOf(file: CaseFile): string {
  const blocks = file.blocks.map(blockHtml).join('\n')
  return `<!doctype html>
<html lang="${esc(file.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(file.title)}</title>
<style>${style}</style>
</head>
<body>
<header><p class="organisation">${esc(file.organisation)}</p><h1>${esc(file.title)}</h1><p class="subject" dir="auto">${esc(file.subject)}</p>${file.made.map((line) => `<p class="quiet">${esc(line)}</p>`).join('')}</header>
<main>
${blocks}
</main>
</body>
</html>
`
}

function blockHtml(block: Block): string {
  if (block.kind === 'heading') return `<h2>${esc(block.text)}</h2>`
  if (block.kind === 'text') return `<p${block.quiet ? ' class="quiet"' : ''}>${esc(block.text)}</p>`
  if (block.kind === 'facts')
    return `<dl>${block.rows.map(([name, value]) => `<div><dt>${esc(name)}</dt><dd dir="auto">${lines(value)}</dd></div>`).join('')}</dl>`
  if (block.kind === 'point')
    return `<section class="point"><p dir="auto"><b>${block.no}.</b> ${lines(block.text)}</p><p><b>${esc(block.finding)}</b></p>${block.answer ? `<p class="answer" dir="auto">${lines(block.answer)}</p>` : ''}</section>`
  if (block.kind === 'table') return tableHtml(block)
  const small = block.small.map((line) => `<p class="quiet" dir="auto">${lines(line)}</p>`).join('')
  return `<article class="${block.tone}"><p class="by"><time>${esc(block.at)}</time> <span dir="auto">${esc(block.head)}</span></p>${block.text ? `<div class="words" dir="auto">${lines(block.text)}</div>` : ''}${small}</article>`
}

function tableHtml({ head, rows, widths, fine }: Extract<Block, { kind: 'table' }>): string {
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => `<td${i === fine ? ' class="fine"' : ''} dir="auto">${lines(cell)}</td>`).join('')
  const columns = widths.map((share) => `<col width="${share}%">`).join('')
  return `<table><colgroup>${columns}</colgroup><thead><tr>${head.map((h) => `<th scope="col">${esc(h)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table>`
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const esc = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign)
const lines = (text: string) => esc(text).replaceAll(/\r\n|\r|\n/g, '<br>')
