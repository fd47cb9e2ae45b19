/** SQL of the salted hash of a text, in hex: textHash of src/complaints/chain.ts. */
export function saltedHash(text: string, salt = 'salt'): string {
  return `encode(sha256(${salt} || convert_to(${text}, 'UTF8')), 'hex')`
}
