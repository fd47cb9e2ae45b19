import type { SettingItem } from '../contract.ts'

export type Placed = { readonly item: SettingItem; readonly depth: number }

/** Each value under what it lies under; one whose parent is not among them stands by itself. */
export function inTree(items: readonly SettingItem[]): Placed[] {
  const keys = new Set(items.map((i) => i.key))
  const under = (parent: string | null, depth: number): Placed[] =>
    items
      .filter((i) => (parent === null ? i.parent === null || !keys.has(i.parent) : i.parent === parent))
      .flatMap((item) => [{ item, depth }, ...(depth < 12 ? under(item.key, depth + 1) : [])])
  return under(null, 0)
}

/** What it may be moved under: in use, not itself and nothing below it. */
export function possibleParents(items: readonly SettingItem[], self: string | undefined): Placed[] {
  const below = new Set(self === undefined ? [] : [self])
  const all = inTree(items.filter((i) => !i.archived))
  for (const { item } of all) if (item.parent !== null && below.has(item.parent)) below.add(item.key)
  return all.filter(({ item }) => !below.has(item.key))
}
