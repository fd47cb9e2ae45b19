import { Buffer } from 'node:buffer'

export type UuFile = { readonly name: string; readonly content: Buffer }

const mostFiles = 100

/**
 * Files that stand uuencoded in the words, as old programs attach them, and the words without them. What is not whole and well
 * formed is left where it is: somebody may be writing about it.
 */
export function uuencodedIn(text: string): { readonly text: string; readonly files: readonly UuFile[] } {
  if (!/^begin [0-7]{3,4} \S/mu.test(text)) return { text, files: [] }
  const lines = text.split('\n')
  const kept: string[] = []
  const files: UuFile[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const name = /^begin [0-7]{3,4} (\S.*?)\s*$/u.exec(lines[at] ?? '')?.[1]
    const found = name === undefined || files.length >= mostFiles ? undefined : bodyFrom(lines, at + 1)
    if (name === undefined || found === undefined) {
      kept.push(lines[at] ?? '')
      continue
    }
    files.push({ name, content: found.content })
    at = found.end
  }
  return files.length === 0 ? { text, files } : { text: kept.join('\n').trimEnd(), files }
}

/** The bytes of the lines up to `end`, and where that stands. */
function bodyFrom(lines: readonly string[], from: number): { content: Buffer; end: number } | undefined {
  const pieces: Buffer[] = []
  for (let at = from; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').replace(/\r$/u, '')
    if (line.trim() === 'end') return pieces.length > 0 ? { content: Buffer.concat(pieces), end: at } : undefined
    // The last line before "end" says that it has no bytes; some programs leave it out, some leave it empty.
    if (line.trim() === '' || line === '`') continue
    const piece = lineBytes(line)
    if (!piece) return undefined
    pieces.push(piece)
  }
  return undefined
}

/** A line says how many bytes it has, three for each four characters; spaces at its end get lost on the way. */
function lineBytes(line: string): Buffer | undefined {
  const count = (line.charCodeAt(0) - 32) & 63
  const letters = Math.ceil(count / 3) * 4
  const digits = line.slice(1).padEnd(letters, ' ')
  if (count === 0 || count > 45 || digits.trimEnd().length > letters + 1 || !/^[ -`]*$/u.test(digits)) return undefined
  const out = Buffer.alloc(letters)
  let n = 0
  for (let at = 0; at < letters; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((i) => (digits.charCodeAt(at + i) - 32) & 63)
    out[n++] = (a << 2) | (b >> 4)
    out[n++] = ((b << 4) | (c >> 2)) & 255
    out[n++] = ((c << 6) | d) & 255
  }
  return out.subarray(0, count)
}
