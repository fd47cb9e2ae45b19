import { RefusalError } from '../../kit/pure/result.ts'
import { exportKindOf, isExport, jsonSplitter, readExport, flatten, type Kind } from '../domain/index.ts'
import { lettersOf, limits, type Source } from './bytes.ts'
import type { Read } from './index.ts'

/** Rows of JSON, whether a line each, one list, or a list within an object; conversations and tickets with their messages. */
export async function* jsonRows(source: Source, encoding: string, kind: Kind, byLine: boolean): AsyncGenerator<Read> {
  let no = 0
  const met = new Set<string>()
  for await (const text of byLine ? lines(source, encoding) : objects(source, encoding)) {
    no += 1
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      yield { row: { no, cells: new Map([['#1', text.slice(0, 10_000)]]) }, unreadable: true }
      continue
    }
    const exported = isExport(kind) ? readExport(kind, value) : undefined
    const cells = exported?.cells ?? flatten(value)
    const fresh = [...cells.keys()].filter((name) => !met.has(name))
    if (fresh.length > 0 && met.size < limits.columns) {
      for (const name of fresh) met.add(name)
      yield { names: [...met] }
    }
    yield {
      row: { no, cells },
      ...(exported ? { messages: exported.messages, files: exported.files, whole: value } : {}),
    }
  }
}

async function* lines(source: Source, encoding: string): AsyncGenerator<string> {
  let rest = ''
  for await (const text of lettersOf(source, encoding)) {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    if (rest.length > limits.lineChars) throw new RefusalError({ code: 'import.file-broken', status: 422 })
    for (const line of parts) if (line.trim() !== '') yield line
  }
  if (rest.trim() !== '') yield rest
}

async function* objects(source: Source, encoding: string): AsyncGenerator<string> {
  const splitter = jsonSplitter(limits.lineChars)
  let some = false
  for await (const text of lettersOf(source, encoding)) {
    let whole: string[]
    try {
      whole = splitter.next(text)
    } catch {
      throw new RefusalError({ code: 'import.file-broken', status: 422 })
    }
    some ||= whole.length > 0
    yield* whole
  }
  if (!some) throw new RefusalError({ code: 'import.no-rows', status: 422 })
}

/** Which kind of JSON a file begins with, and whether each row is a line of its own. */
export function jsonKind(head: string): { kind: Kind; byLine: boolean } {
  const text = head.replace(/^\ufeff/, '').trimStart()
  const line = text.split('\n', 1)[0] ?? ''
  const one = text.startsWith('{') ? parsed(line) : undefined
  if (one !== undefined) {
    const kind = exportKindOf(one)
    // A single object on one line may also be the whole file, with its list inside.
    const more = text.slice(line.length).trim().startsWith('{')
    if (kind || more || !hasList(one)) return { kind: kind ?? 'jsonl', byLine: true }
  }
  const first = firstObject(text)
  return { kind: (first === undefined ? undefined : exportKindOf(parsed(first))) ?? 'json', byLine: false }
}

const hasList = (value: unknown, depth = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).some((v) => (Array.isArray(v) ? typeof v[0] === 'object' : depth < 1 && hasList(v, depth + 1)))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function firstObject(text: string): string | undefined {
  try {
    return jsonSplitter(limits.lineChars).next(text)[0]
  } catch {
    return undefined
  }
}
