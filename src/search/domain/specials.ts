import { wordy } from '../../kit/pure/text-scan.ts'

/** What is looked up whole: complaint numbers, mail addresses, telephone numbers, amounts with thousands marks. */
export type Special = {
  readonly kind: 'reference' | 'mail' | 'phone' | 'amount'
  readonly start: number
  readonly end: number
  /** Normal form: `r-2026-123`, the address, the digits alone, the digits before the decimal mark. */
  readonly value: string
}

// Outside every word run of `runs`, which an apostrophe continues.
const before = `(?<!${wordy}'?)`
const after = `(?!'?${wordy})`
// All repetitions are bounded and start at a word's border: linear on hostile text.
const reference = new RegExp(`${before}([a-z]{1,5})-([0-9]{4})-([0-9]{3,10})${after}`, 'gv')
const mail = new RegExp(
  `(?<![a-z0-9._%+\\-])${before}[a-z0-9._%+\\-]{1,64}@[a-z0-9\\-]{1,63}(?:\\.[a-z0-9\\-]{1,63}){1,8}${after}`,
  'gv',
)
const phone = new RegExp(`${before}\\+?\\(?[0-9](?:[ .\\(\\)\\-]{0,2}[0-9]){6,14}${after}`, 'gv')
const amount = new RegExp(`${before}[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\\.[0-9]{1,4})?${after}`, 'gv')

// A pattern is tried only where the character it cannot do without occurs.
const patterns: readonly [Special['kind'], string, RegExp, (match: RegExpExecArray) => string][] = [
  ['reference', '-', reference, (m) => `${m[1]}-${m[2]}-${withoutZeros(m[3] ?? '')}`],
  ['mail', '@', mail, (m) => m[0]],
  ['amount', ',', amount, (m) => m[0].replace(/\..*$/, '').replaceAll(',', '')],
  ['phone', '', phone, (m) => m[0].replace(/[^0-9]/g, '')],
]

/** The specials of folded text and the text with them blanked out (same length). */
export function specials(folded: string): { readonly found: readonly Special[]; readonly rest: string } {
  const found: Special[] = []
  let rest = folded
  if (!/[0-9@]/.test(folded)) return { found, rest }
  for (const [kind, needed, pattern, valueOf] of patterns) {
    if (!rest.includes(needed)) continue
    for (const match of rest.matchAll(pattern))
      found.push({ kind, start: match.index, end: match.index + match[0].length, value: valueOf(match) })
    rest = rest.replace(pattern, (text) => ' '.repeat(text.length))
  }
  return { found, rest }
}

/** `000123` → `123`. */
export function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '')
}

const callingCodes = ['886', '852', '853', '86', '65', '60', '81', '82', '44', '1']

/**
 * The digits of a number as dialled inside its country, which every way of writing it ends with; found through the
 * suffixes that `indexLexemes` stores. `written` tells a leading +.
 */
export function nationalDigits(digits: string, written: string): string {
  const international = written.startsWith('+') || written.startsWith('(+') || digits.startsWith('00')
  const bare = digits.replace(/^0+/, '')
  const code =
    international || digits.length >= 12 ? callingCodes.find((candidate) => bare.startsWith(candidate)) : undefined
  const national = (code === undefined ? bare : bare.slice(code.length)).replace(/^0+/, '')
  return national.length < 4 || national.length > 11 ? digits : national
}

/** The last 4 to 11 digits of a number, the number itself excluded. */
export function digitSuffixes(digits: string): string[] {
  const suffixes: string[] = []
  for (let length = 4; length <= 11 && length < digits.length; length += 1) suffixes.push(digits.slice(-length))
  return suffixes
}
