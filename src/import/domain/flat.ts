import type { Cell } from './told.ts'

const mostCells = 300
const deepest = 6
const longestArray = 20_000

/** An object of JSON as a row: nested fields under `a.b`, plain lists joined; lists of objects as their JSON. */
export function flatten(value: unknown): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  const visit = (path: string, inner: unknown, depth: number) => {
    if (cells.size >= mostCells) return
    if (Array.isArray(inner)) {
      const plain = inner.every((x) => x === null || typeof x !== 'object')
      cells.set(path, plain ? inner.filter((x) => x !== null).join(', ') : JSON.stringify(inner).slice(0, longestArray))
    } else if (typeof inner === 'object' && inner !== null) {
      if (depth >= deepest) cells.set(path, JSON.stringify(inner).slice(0, longestArray))
      else
        for (const [name, next] of Object.entries(inner)) visit(path === '' ? name : `${path}.${name}`, next, depth + 1)
    } else
      cells.set(path, typeof inner === 'string' ? inner.replaceAll('\0', '').toWellFormed() : ((inner ?? null) as Cell))
  }
  visit('', value, 0)
  return cells
}

/**
 * Cuts a stream of JSON into the objects of its rows, without ever holding more than one: objects a line, one list, or an object
 * that holds the list (`{"tickets": [...]}`, also one level down). `next` takes more letters and gives the texts that are whole.
 */
export function jsonSplitter(longest: number): { next(text: string): string[] } {
  // Where we stand: `[` for lists, `{` for objects; rows are objects with nothing but lists and wrapping objects around them.
  const stack: string[] = []
  let rowDepth = -1
  let quoted = false
  let escaped = false
  let row = ''
  let broken = false
  return {
    next(text) {
      const found: string[] = []
      let from = 0
      for (let i = 0; i < text.length; i += 1) {
        const c = text.charCodeAt(i)
        if (quoted) {
          if (escaped) escaped = false
          else if (c === 0x5c) escaped = true
          else if (c === 0x22) quoted = false
          continue
        }
        if (c === 0x22) quoted = true
        else if (c === 0x7b || c === 0x5b) {
          if (c === 0x7b && rowDepth < 0 && isRow(stack)) {
            rowDepth = stack.length
            from = i
          }
          stack.push(c === 0x7b ? '{' : '[')
        } else if (c === 0x7d || c === 0x5d) {
          const opened = stack.pop()
          if (opened !== (c === 0x7d ? '{' : '[')) broken = true
          if (rowDepth >= 0 && stack.length === rowDepth) {
            found.push(row + text.slice(from, i + 1))
            row = ''
            rowDepth = -1
            from = i + 1
          }
        }
      }
      if (rowDepth >= 0) row += text.slice(from)
      if (broken || row.length > longest || stack.length > 500) throw new SyntaxError('not the JSON of rows')
      return found
    },
  }
}

/** Straight in a list, which is the whole or lies in at most two objects. */
function isRow(stack: readonly string[]): boolean {
  return stack.at(-1) === '[' && stack.length <= 3 && stack.indexOf('[') === stack.length - 1
}
