const zoned = /(?:[+-]\d{4}|\b(?:GMT|UTC?|Z|[ECMP][SD]T))\b/iu

/** Epoch ms of a Date header; null where it names none. Without a zone it is taken as UTC, wherever the program runs. */
export function dateOf(value: string): number | null {
  const bare = value
    .replace(/\([^()]*\)/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, 200)
  if (bare === '' || !/\d/u.test(bare)) return null
  const withZone = zoned.test(bare) ? bare : `${bare} +0000`
  for (const attempt of [withZone, withZone.replace(/^\p{L}+\.?,?\s+/u, ''), bare]) {
    const at = Date.parse(attempt)
    if (Number.isFinite(at)) return at
  }
  return null
}
