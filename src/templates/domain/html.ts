import type { Block, Inline } from '../../kit/pure/markup.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, between tags and in attributes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (c) => entities[c] ?? c)
}

const signatureMark = /^--\s*$/

/** The tree as HTML for mail programs: few tags, styles in place. Lines below one of two dashes are set apart. */
export function htmlOf(blocks: readonly Block[]): string {
  return blocks.map(blockOf).join('')
}

function blockOf(block: Block): string {
  if (block.kind === 'quote')
    return `<blockquote style="margin:0 0 1em;padding-left:12px;border-left:3px solid #bbb">${htmlOf(block.blocks)}</blockquote>`
  if (block.kind === 'list') {
    const items = block.items.map((item) => `<li>${inlineOf(item)}</li>`).join('')
    return block.ordered ? `<ol start="${block.start}">${items}</ol>` : `<ul>${items}</ul>`
  }
  const [first, ...rest] = block.lines
  const marks = first?.length === 1 && first[0]?.kind === 'text' && signatureMark.test(first[0].text)
  if (marks)
    return `<div style="margin-top:24px;padding-top:12px;border-top:1px solid #ccc;font-size:14px;opacity:.8">${rest.map(inlineOf).join('<br>')}</div>`
  // A div, since what stands for a name may be paragraphs itself.
  return `<div style="margin:0 0 1em">${block.lines.map(inlineOf).join('<br>')}</div>`
}

function inlineOf(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return escaped(part.text)
      const inside = inlineOf(part.parts)
      if (part.kind === 'bold') return `<strong>${inside}</strong>`
      // A name within an address would not be escaped for it: such a link is only its words.
      if (part.kind === 'link')
        return part.href.includes('{{') ? inside : `<a href="${escaped(part.href)}">${inside}</a>`
      return `<em>${inside}</em>`
    })
    .join('')
}
