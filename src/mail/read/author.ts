import { type Buffer, isUtf8 } from 'node:buffer'

const mostHead = 1024 * 1024

/**
 * The address a mail says it is from, read in its bytes as they came: of its only From field, which names one person by one
 * plain address; undefined where any reader of mail could find another, or none. What a domain vouches for is this address.
 */
export function plainAuthor(raw: Buffer): string | undefined {
  const head = headOf(raw)
  // However a line is ended, and whatever stands in or around the name: some reader takes it for a From.
  const named = head.split(/\r\n|\r|\n/u).filter((line, i) => (i === 0 || !/^[ \t]/u.test(line)) && isFrom(line))
  const fields = head.replaceAll(/\r?\n[ \t]+/gu, ' ').split(/\r?\n/u)
  const [value, ...more] = fields.flatMap((line) => (/^from:/iu.test(line) ? [line.slice('from:'.length)] : []))
  return value === undefined || more.length > 0 || named.length > 1 ? undefined : addressIn(value)
}

function headOf(raw: Buffer): string {
  const start = raw.toString('latin1', 0, mostHead)
  const head = raw.subarray(0, /\r?\n\r?\n/u.exec(start)?.index ?? start.length)
  return head.toString(isUtf8(head) ? 'utf8' : 'latin1')
}

const isFrom = (line: string) =>
  line.includes(':') &&
  line
    .slice(0, line.indexOf(':'))
    .replaceAll(/[^!-~]/gu, '')
    .toLowerCase() === 'from'

/** Local part and domain in letters alone: no quotes, no encoded word, no literal. */
const address = String.raw`[\p{L}\p{N}!#$%&'*+/=?^_\x60{|}~.-]+@[\p{L}\p{N}][\p{L}\p{M}\p{N}.-]*[\p{L}\p{N}]`
const bare = new RegExp(`^${address}$`, 'u')
const within = new RegExp(`^([^<>;:]*)<[ \\t]*(${address})[ \\t]*>$`, 'u')

function addressIn(value: string): string | undefined {
  const plain = withoutWords(value)?.trim()
  if (plain === undefined) return undefined
  const [, name = '', inside] = within.exec(plain) ?? []
  const found = inside ?? (bare.test(plain) ? plain : undefined)
  // A name may be an address, but not one of a list.
  if (found === undefined || found.includes('=?') || (name.includes('@') && name.includes(','))) return undefined
  return found.toLowerCase()
}

/** Without quoted strings and comments; undefined where one of them does not end. */
function withoutWords(value: string): string | undefined {
  let out = ''
  let depth = 0
  let quoted = false
  for (const character of value.replaceAll(/\\./gu, '')) {
    if (character === '"' && depth === 0) {
      // What is quoted stays a mark: within an address it is none that is plain.
      if (!quoted) out += '"'
      quoted = !quoted
    } else if (quoted) continue
    else if (character === '(') depth += 1
    else if (character === ')' && depth > 0) depth -= 1
    else if (depth === 0) out += character
  }
  return quoted || depth > 0 ? undefined : out
}
