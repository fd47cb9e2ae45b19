/** A code for a type that is called so: its letters and digits, and a mark of the whole name, so that two names never share one. */
export function typeCode(name: string): string {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  let mark = 0x811c9dc5
  for (const c of name) mark = Math.imul(mark ^ (c.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return `${[...plain].slice(0, 30).join('') || 'type'}-${mark.toString(36)}`
}
