/** A header of a mail: its name in small letters, its value unfolded. */
export type Header = { readonly key: string; readonly value: string }

/** The first header of this name, trimmed; empty where there is none. */
export function headerOf(headers: readonly Header[], key: string): string {
  return headers.find((h) => h.key === key)?.value.trim() ?? ''
}

/** The values of all headers of this name, one after another. */
export function valuesOf(headers: readonly Header[], key: string): string {
  return headers
    .filter((h) => h.key === key)
    .map((h) => h.value)
    .join(' ')
}

/** Whether a header of this name is there at all. */
export function hasHeader(headers: readonly Header[], key: string): boolean {
  return headers.some((h) => h.key === key)
}

/** Message-IDs without their angle brackets, in order; what is no id is left out. */
export function idsIn(value: string): string[] {
  const bracketed = [...value.matchAll(/<\s*([^<>\s]+)\s*>/gu)].map((m) => m[1] ?? '')
  const bare =
    bracketed.length > 0 ? bracketed : value.split(/[\s,;]+/u).filter((word) => /^[^<>@]+@[^<>@]+$/u.test(word))
  return bare
}
