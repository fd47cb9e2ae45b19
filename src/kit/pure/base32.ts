/**
 * References and secrets that people read to each other over a telephone: 10 characters of Crockford base32
 * (no I, L, O, U), 9 of them random (45 bits), the last a check character.
 *
 * Crockford's own check symbol is mod 37 and needs * ~ $ = U, which nobody can dictate. Ours stays inside the 32
 * characters: each is an element of GF(32) (x^5 + x^2 + 1), and a reference is good when Σ 2^(9−i)·c(i) = 0 in that
 * field. The ten weights are different and not zero, so every single wrong character and every swap of two characters
 * (adjacent or not) is found for certain; other mistakes pass with 1 in 32.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10
const RANDOM_CHARACTERS = LENGTH - 1

/** A reference from 9 random bytes (the low 5 bits of each are used); RangeError for fewer. */
export function makeReference(random: Uint8Array): string {
  if (random.length < RANDOM_CHARACTERS) throw new RangeError(`a reference needs ${RANDOM_CHARACTERS} random bytes`)
  const values = Array.from(random.subarray(0, RANDOM_CHARACTERS), (byte) => byte & 31)
  return [...values, checksum([...values, 0])].map((value) => ALPHABET.charAt(value)).join('')
}

/**
 * The stored form (10 upper-case characters) of what a person typed or said, or undefined when it cannot be one.
 * Tolerates lower case, full-width characters, spaces, dashes, O for 0, I and L for 1.
 */
export function parseReference(text: string): string | undefined {
  if (text.length > 200) return undefined
  const reference = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\p{Cf}\u2212\u30fc_.]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return isReference(reference) ? reference : undefined
}

/** Grouped for reading: `ABCDE-FGHJK`. */
export function formatReference(reference: string): string {
  return `${reference.slice(0, 5)}-${reference.slice(5)}`
}

function isReference(reference: string): boolean {
  if (reference.length !== LENGTH) return false
  const values = Array.from(reference, (character) => ALPHABET.indexOf(character))
  return !values.includes(-1) && checksum(values) === 0
}

/** Horner's rule in GF(32): the last character weighs 1, the one before it 2, then 4 … */
function checksum(values: readonly number[]): number {
  return values.reduce((sum, value) => doubled(sum) ^ value, 0)
}

function doubled(value: number): number {
  return value & 16 ? ((value << 1) ^ 0b100101) & 31 : value << 1
}
