import { type Block, type Inline, parseMarkup } from '../kit/pure/markup.ts'
import { html, type Safe } from './html.ts'

/** Our words as they were meant: the light markup of staff as a page shows it. Only for what staff wrote. */
export function ourWords(text: string): Safe {
  return html`${parseMarkup(text).map(blockOf)}`
}

function blockOf(block: Block): Safe {
  if (block.kind === 'quote') return html`<blockquote>${block.blocks.map(blockOf)}</blockquote>`
  if (block.kind === 'list') {
    const items = block.items.map((item) => html`<li>${item.map(partOf)}</li>`)
    return block.ordered ? html`<ol start="${block.start}">${items}</ol>` : html`<ul>${items}</ul>`
  }
  return html`<p>${block.lines.map((line, i) => html`${i > 0 && html`<br>`}${line.map(partOf)}`)}</p>`
}

function partOf(part: Inline): Safe {
  switch (part.kind) {
    case 'text':
      return html`${part.text}`
    case 'bold':
      return html`<strong>${part.parts.map(partOf)}</strong>`
    case 'italic':
      return html`<em>${part.parts.map(partOf)}</em>`
    case 'link':
      return html`<a href="${part.href}" rel="noreferrer noopener nofollow">${part.parts.map(partOf)}</a>`
  }
}
