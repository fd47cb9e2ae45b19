// Light markup: the text people write stays plain text (hashed, searched, mailed as it is) and is shown as this tree.

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold'; readonly parts: readonly Inline[] }
  | { readonly kind: 'italic'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly parts: readonly Inline[] }

export type Block =
  | { readonly kind: 'paragraph'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly kind: 'list'
      readonly ordered: boolean
      readonly start: number
      readonly items: readonly (readonly Inline[])[]
    }

/** Longer texts are shown plain: nobody formats a megabyte, and everybody waits for it. UTF-16 units. */
const mostParsed = 200_000
const deepest = 4

/** The blocks of a text. Never throws; every character of the text but the marks themselves is in the tree. */
export function parseMarkup(text: string, depth = 0): Block[] {
  if (text.length > mostParsed) return plainBlocks(text)
  const lines = text.split(/\r\n|\r|\n/)
  const blocks: Block[] = []
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? ''
    const taken =
      line.trim() === '' ? { next: i + 1 } : (quoteAt(lines, i, depth) ?? listAt(lines, i) ?? paragraphAt(lines, i))
    if ('block' in taken) blocks.push(taken.block)
    i = taken.next
  }
  return blocks
}

/** As it is: what strangers wrote means nothing but its words, and has no links to press. */
export function plainBlocks(text: string): Block[] {
  return text
    .split(/\n[ \t]*\n/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ kind: 'paragraph', lines: part.split('\n').map((line) => [{ kind: 'text', text: line }]) }))
}

type Taken = { readonly block: Block; readonly next: number }
const quoteMark = /^ {0,3}> ?/
const listMark = /^ {0,3}(?:([-*•])|(\d{1,4})[.)、])[ \u3000\t]+(?=\S)/

function quoteAt(lines: readonly string[], from: number, depth: number): Taken | undefined {
  if (!quoteMark.test(lines[from] ?? '') || depth >= deepest) return undefined
  let next = from
  const inside: string[] = []
  while (next < lines.length && quoteMark.test(lines[next] ?? ''))
    inside.push((lines[next++] ?? '').replace(quoteMark, ''))
  return { block: { kind: 'quote', blocks: parseMarkup(inside.join('\n'), depth + 1) }, next }
}

function listAt(lines: readonly string[], from: number): Taken | undefined {
  const first = listMark.exec(lines[from] ?? '')
  if (!first) return undefined
  const ordered = first[2] !== undefined
  const items: (readonly Inline[])[] = []
  let next = from
  for (; next < lines.length; next++) {
    const mark = listMark.exec(lines[next] ?? '')
    if (!mark || (mark[2] !== undefined) !== ordered) break
    items.push(inlineOf((lines[next] ?? '').slice(mark[0].length)))
  }
  return { block: { kind: 'list', ordered, start: Number(first[2] ?? 1), items }, next }
}

function paragraphAt(lines: readonly string[], from: number): Taken {
  const inside: string[] = []
  let next = from
  for (; next < lines.length; next++) {
    const line = lines[next] ?? ''
    if (line.trim() === '' || (next > from && (quoteMark.test(line) || listMark.test(line)))) break
    inside.push(line)
  }
  return { block: { kind: 'paragraph', lines: inside.map((line) => inlineOf(line)) }, next }
}

/** One at a time, at the same place: a mark that opens and closes around something, or an address by itself. */
const span =
  /\*\*(?=\S)([^*\n]{0,2000}?\S)\*\*|(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]{0,2000}?[^\s*])\*(?![\p{L}\p{N}*])|\[([^[\]\n]{1,500})\]\(([^()\s]{1,2000})\)|((?:https?:\/\/|mailto:|tel:)[^\s<>"'()（）「」，。；、！？]{1,2000})/gu

/** The parts of one line. */
export function inlineOf(line: string, depth = 0): Inline[] {
  if (depth >= deepest) return line === '' ? [] : [{ kind: 'text', text: line }]
  const parts: Inline[] = []
  let at = 0
  const text = (to: number) => void (to > at && parts.push({ kind: 'text', text: line.slice(at, to) }))
  for (const match of line.matchAll(span)) {
    const made = spanOf(match, depth)
    if (!made) continue
    text(match.index)
    parts.push(made.part)
    at = match.index + made.length
  }
  text(line.length)
  return parts
}

function spanOf(match: RegExpExecArray, depth: number): { part: Inline; length: number } | undefined {
  const [whole, bold, italic, label, target, bare] = match
  const { length } = whole
  if (bold !== undefined) return { part: { kind: 'bold', parts: inlineOf(bold, depth + 1) }, length }
  if (italic !== undefined) return { part: { kind: 'italic', parts: inlineOf(italic, depth + 1) }, length }
  if (label !== undefined) {
    const href = safeHref(target ?? '')
    return href ? { part: { kind: 'link', href, parts: [{ kind: 'text', text: label }] }, length } : undefined
  }
  // The full stop after an address is the sentence's.
  const shown = (bare ?? '').replace(/[.,:;!?]+$/, '')
  const href = safeHref(shown)
  return href
    ? { part: { kind: 'link', href, parts: [{ kind: 'text', text: shown }] }, length: shown.length }
    : undefined
}

/** The address where it is one of http, https, mailto or tel that hides nothing; undefined for anything else. */
export function safeHref(target: string): string | undefined {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(target) || /[\p{Cc}\p{Cf}\s\\]/u.test(target)) return undefined
  if (/^tel:/i.test(target)) return /^tel:[+\d().-]{3,40}$/i.test(target) ? target : undefined
  if (/^mailto:/i.test(target)) return /^mailto:[^?&@\s]+@[^?&@\s]+$/i.test(target) ? target : undefined
  const url = URL.parse(target)
  // A name before the host is how a link looks like another's.
  return url && url.username === '' && url.password === '' && url.hostname !== '' ? target : undefined
}

/** Characters that turn the direction of what follows, or hide; as a reader can see them. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
const hasTurning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/

/** The text with overrides made harmless and visible: what stands there is read in the order in which it was written. */
export function harmless(text: string): string {
  return hasTurning.test(text) ? text.replaceAll(turning, '\u25a1') : text
}

/** The tree as plain text without marks: links with their address, lists with dashes, quotes with `>`. */
export function plainMarkup(blocks: readonly Block[]): string {
  return blocks.map(plainBlock).join('\n\n')
}

function plainBlock(block: Block): string {
  if (block.kind === 'paragraph') return block.lines.map(plainLine).join('\n')
  if (block.kind === 'list')
    return block.items.map((item, i) => `${block.ordered ? `${block.start + i}.` : '-'} ${plainLine(item)}`).join('\n')
  return plainMarkup(block.blocks)
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n')
}

export function plainLine(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text
      const inside = plainLine(part.parts)
      return part.kind === 'link' && inside !== part.href ? `${inside} (${part.href})` : inside
    })
    .join('')
}

/** Whether marks stand in the text that showing it would take away: bold, italic or a link with words of its own. */
export function hasMarkup(text: string): boolean {
  const marked = (parts: readonly Inline[]): boolean =>
    parts.some((part) => part.kind !== 'text' && (part.kind !== 'link' || plainLine(part.parts) !== part.href))
  const inBlock = (block: Block): boolean =>
    block.kind === 'quote'
      ? block.blocks.some(inBlock)
      : block.kind === 'list'
        ? block.items.some(marked)
        : block.lines.some(marked)
  return parseMarkup(text).some(inBlock)
}
