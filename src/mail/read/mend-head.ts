import { Buffer, isUtf8 } from 'node:buffer'
import { charsetName, charsetOf } from './charset.ts'
import { decodeQuotedPrintable } from './transfer.ts'

export type HeadChange = {
  /** The value Content-Type is given. */
  readonly contentType: string | null
  /** The body is written anew, as it is: no transfer encoding. */
  readonly plainBody: boolean
  /** The charset named first in the mail. */
  readonly hint: string | undefined
}

/** The headers of a part, put right; null where nothing had to change. Bytes that are not UTF-8 become UTF-8. */
export function mendHead(
  head: Buffer,
  { contentType, plainBody, hint }: HeadChange,
  steps: Set<string>,
): Buffer | null {
  let bytes = mendBytes(head, hint, steps)
  let text = bytes.toString('utf8')
  const before = text
  if (text.includes('=?')) text = mendWords(text, steps)
  if (contentType !== null) text = withField(text, 'Content-Type', contentType)
  if (plainBody) text = withField(text, 'Content-Transfer-Encoding', '8bit')
  if (text !== before) bytes = Buffer.from(text, 'utf8')
  return bytes === head ? null : bytes
}

function mendBytes(head: Buffer, hint: string | undefined, steps: Set<string>): Buffer {
  if (isUtf8(head) && !head.includes(0) && !head.includes('\u001b$', 0, 'latin1')) return head
  steps.add('raw-header')
  // Each header may have come from another program.
  const lines = head
    .toString('latin1')
    .replaceAll('\0', '')
    .split(/\n(?![ \t])/u)
  const decoded = lines.map((line) => {
    const bytes = Buffer.from(line, 'latin1')
    if (isUtf8(bytes) && !bytes.includes(0x1b)) return bytes.toString('utf8')
    const named = hint === undefined || /^(?:us-ascii|utf-?8)$/iu.test(hint) ? undefined : hint
    const written = charsetOf(bytes, named)
    return written?.text ?? decodeAs(bytes, written?.charset ?? named ?? 'utf-8')
  })
  return Buffer.from(decoded.join('\n'), 'utf8')
}

function decodeAs(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charsetName(charset)).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

const word = String.raw`=\?([^?\s]+)\?([QqBb])\?([^?\r\n]*)\?=`
const wordRun = new RegExp(`${word}(?:[ \\t\\r\\n]*${word})*`, 'gu')
const oneWord = new RegExp(word, 'gu')

/** Encoded words whose bytes are not what they say, or whose characters are cut between two of them, are written anew. */
function mendWords(head: string, steps: Set<string>): string {
  return head.replace(wordRun, (run) => {
    const words = [...run.matchAll(oneWord)].map(([, charset = '', how = '', text = '']) => ({
      charset: (charset.split('*')[0] ?? '').toLowerCase(),
      bytes:
        how.toLowerCase() === 'b'
          ? Buffer.from(text, 'base64')
          : decodeQuotedPrintable(Buffer.from(text, 'utf8'), true),
    }))
    if (words.every((w) => sound(w.bytes, w.charset))) return run
    steps.add('encoded-words')
    const groups: { charset: string; bytes: Buffer[] }[] = []
    for (const { charset, bytes } of words) {
      const last = groups.at(-1)
      if (last?.charset === charset) last.bytes.push(bytes)
      else groups.push({ charset, bytes: [bytes] })
    }
    const text = groups.map(({ charset, bytes }) => readWord(Buffer.concat(bytes), charset)).join('')
    return `=?utf-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`
  })
}

function sound(bytes: Buffer, charset: string): boolean {
  if (charsetOf(bytes, charset) !== null) return false
  if (charset === 'utf-8' || charset === 'utf8') return isUtf8(bytes)
  try {
    new TextDecoder(charset, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function readWord(bytes: Buffer, charset: string): string {
  const written = charsetOf(bytes, charset)
  return written?.text ?? decodeAs(bytes, written?.charset ?? charset)
}

/** Sets a header: in place of the first of its name, or before the others. */
function withField(head: string, name: string, value: string): string {
  const line = new RegExp(`(^|\\n)${name}[ \\t]*:[^\\n]*(?:\\n[ \\t][^\\n]*)*`, 'iu')
  if (line.test(head)) return head.replace(line, (_whole, start: string) => `${start}${name}: ${value}\r`)
  return `${name}: ${value}\r\n${head}`
}
