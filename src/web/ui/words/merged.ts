export type Words = { readonly [key: string]: string | Words }

/** One tree of the words of every slice: a section may be said in several files, a sentence in one. */
export function merged(parts: Readonly<Record<string, Words>>): Words {
  return Object.values(parts).reduce((all, part) => mergeTwo(all, part), {})
}

function mergeTwo(a: Words, b: Words): Words {
  const all: Record<string, string | Words> = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const before = all[key]
    all[key] = typeof before === 'object' && typeof value === 'object' ? mergeTwo(before, value) : value
  }
  return all
}
