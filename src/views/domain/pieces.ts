/** A stretch of a line with where it stands. */
export type Part = { readonly text: string; readonly from: number; readonly to: number }
/** `field:value`, or a value alone. */
export type Piece = {
  readonly field: Part | undefined
  readonly value: Part
  readonly from: number
  readonly to: number
  readonly unclosed: boolean
}

const space = /\s/u
const closing: Readonly<Record<string, string>> = { '"': '"', '“': '”', '「': '」' }

/** Cuts a line at spaces that no quotes hold; `""` inside quotes is one quotation mark. */
export function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  while (at < line.length) {
    if (space.test(line[at] ?? '')) {
      at += 1
      continue
    }
    const piece = pieceAt(line, at)
    pieces.push(piece)
    at = piece.to
  }
  return pieces
}

function pieceAt(line: string, from: number): Piece {
  const first = partAt(line, from, true)
  if (!isColon(line[first.to]) || first.quoted)
    return { field: undefined, value: first, from, to: first.to, unclosed: first.unclosed }
  const value = partAt(line, first.to + 1, false)
  return { field: first, value, from, to: value.to, unclosed: value.unclosed }
}

const isColon = (c: string | undefined) => c === ':' || c === '：'

type Read = Part & { readonly quoted: boolean; readonly unclosed: boolean }

function partAt(line: string, from: number, toColon: boolean): Read {
  const end = closing[line[from] ?? '']
  if (end !== undefined) return quotedAt(line, from, end)
  let to = from
  while (to < line.length && !space.test(line[to] ?? '') && !(toColon && isColon(line[to]))) to += 1
  return { text: line.slice(from, to), from, to, quoted: false, unclosed: false }
}

function quotedAt(line: string, from: number, end: string): Read {
  let text = ''
  let at = from + 1
  while (at < line.length) {
    const c = line[at] ?? ''
    if (c === end && end === '"' && line[at + 1] === '"') at += 1
    else if (c === end) return { text, from, to: at + 1, quoted: true, unclosed: false }
    text += c
    at += 1
  }
  return { text, from, to: line.length, quoted: true, unclosed: true }
}
