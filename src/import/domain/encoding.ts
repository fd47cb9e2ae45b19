/** How the bytes of a file are letters. `sure`: a mark or a strict reading says so; else the statistics of its characters do. */
export type Encoding = { readonly name: EncodingName; readonly bom: boolean; readonly sure: boolean }
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'big5', 'gb18030', 'windows-1252'] as const
export type EncodingName = (typeof encodings)[number]

/** The encoding of a file by its first bytes (some hundred kilobytes are plenty). `whole`: these are all it has. */
export function detectEncoding(head: Uint8Array, whole = false): Encoding {
  const [a, b, c] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return { name: 'utf-8', bom: true, sure: true }
  if (a === 0xff && b === 0xfe) return { name: 'utf-16le', bom: true, sure: true }
  if (a === 0xfe && b === 0xff) return { name: 'utf-16be', bom: true, sure: true }
  const wide = wideOf(head)
  if (wide) return { name: wide, bom: false, sure: true }
  if (strictly(head, 'utf-8', whole) !== undefined) return { name: 'utf-8', bom: false, sure: true }
  if (mostlyUtf8(head)) return { name: 'utf-8', bom: false, sure: false }
  const scored = (['big5', 'gb18030', 'windows-1252'] as const).map((name) => ({
    name,
    score: scoreOf(head, name, whole),
  }))
  scored.sort((x, y) => y.score - x.score)
  const [best] = scored
  return { name: best && best.score > 0 ? best.name : 'windows-1252', bom: false, sure: false }
}

/** Text of two bytes a letter has a zero in every other place wherever there are digits, commas and line ends. */
function wideOf(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  let even = 0
  let odd = 0
  const n = Math.min(head.length, 20_000)
  for (let i = 0; i < n; i += 1) {
    if (head[i] !== 0) continue
    if (i % 2 === 0) even += 1
    else odd += 1
  }
  // A few of them in what is UTF-8 otherwise are only NULs.
  if (even + odd < n * 0.2 && strictly(head, 'utf-8', false) !== undefined) return undefined
  if (odd > n * 0.03 && odd > even * 10) return 'utf-16le'
  return even > n * 0.03 && even > odd * 10 ? 'utf-16be' : undefined
}

/** A few lines in other letters, as files put together by hand have them, make the rest no less UTF-8. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  // oxlint-disable-next-line no-control-regex -- everything but ASCII is looked at
  const foreign = new TextDecoder('utf-8').decode(bytes).match(/[^\u0000-\u007f]/gu) ?? []
  return foreign.length > 0 && foreign.filter((c) => c === '\ufffd').length < foreign.length * 0.2
}

/** The text, when every byte is allowed there; the last letter may be cut off where the file goes on. */
function strictly(bytes: Uint8Array, name: EncodingName, whole: boolean): string | undefined {
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes, { stream: !whole })
  } catch {
    return undefined
  }
}

/** How much of what is no ASCII are letters that people often write in it; 0 when it cannot be it. */
function scoreOf(bytes: Uint8Array, name: 'big5' | 'gb18030' | 'windows-1252', whole: boolean): number {
  const text = strictly(bytes, name, whole)
  if (text === undefined) return 0
  // oxlint-disable-next-line no-control-regex -- everything but ASCII is looked at
  const foreign = text.match(/[^\u0000-\u007f]/gu) ?? []
  if (foreign.length === 0) return 0
  if (name === 'windows-1252') {
    // Single letters with accents and typographic marks between plain ones, hardly two in a row.
    const good = text.match(/(?<![\u0080-\uffff])[À-ÖØ-öø-ÿ“”‘’–—…€£•®©°](?![\u0080-\uffff])/g) ?? []
    return (good.length / foreign.length) * 0.98
  }
  const usual = commonIn(name)
  return foreign.filter((c) => usual.has(c)).length / foreign.length
}

const commons = new Map<string, ReadonlySet<string>>()
/** The national standards themselves say which characters are common: level 1 of Big5, level 1 of GB 2312, and their punctuation. */
function commonIn(name: 'big5' | 'gb18030'): ReadonlySet<string> {
  const known = commons.get(name)
  if (known) return known
  const bytes: number[] = []
  const rows: readonly (readonly [number, number])[] =
    name === 'big5'
      ? [
          [0xa1, 0xa3],
          [0xa4, 0xc6],
        ]
      : [
          [0xa1, 0xa3],
          [0xb0, 0xd7],
        ]
  for (const [from, to] of rows)
    for (let row = from; row <= to; row += 1) {
      if (name === 'big5') for (let cell = 0x40; cell <= 0x7e; cell += 1) bytes.push(row, cell)
      for (let cell = 0xa1; cell <= 0xfe; cell += 1) bytes.push(row, cell)
    }
  const made = new Set(new TextDecoder(name).decode(Uint8Array.from(bytes)))
  made.delete('\ufffd')
  commons.set(name, made)
  return made
}

/** What parts the cells of a line: whatever the first lines have equally often, outside of quotes. */
export function detectDelimiter(head: string): string {
  const lines = linesOf(head).slice(0, 30)
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of [',', '\t', ';', '|']) {
    const counts = lines.map((line) => countOutside(line, delimiter))
    const usual = counts[0] ?? 0
    if (usual === 0) continue
    const score = usual * (counts.filter((c) => c === usual).length / counts.length)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** Lines of records: an end within quotes is none. The last one may be cut off and is left out where there are others. */
function linesOf(head: string): string[] {
  const lines: string[] = []
  let quoted = false
  let from = 0
  for (let i = 0; i < head.length; i += 1) {
    const c = head.charCodeAt(i)
    if (c === 0x22) quoted = !quoted
    else if (c === 0x0a && !quoted) {
      lines.push(head.slice(from, i))
      from = i + 1
    }
  }
  return lines.length > 0 ? lines.filter((line) => line.trim() !== '') : [head]
}

function countOutside(line: string, delimiter: string): number {
  let quoted = false
  let count = 0
  for (const c of line) {
    if (c === '"') quoted = !quoted
    else if (c === delimiter && !quoted) count += 1
  }
  return count
}
