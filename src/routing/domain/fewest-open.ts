/** Somebody who could be given it now: how many open ones they have, and when their turn was last (the higher the later). */
export type Present = { readonly staffId: string; readonly open: number; readonly turn: number }

/** Whoever has the fewest open ones; among equals whose turn was longest ago, then by id, so that the same facts give the same person. */
export function fewestOpen<P extends Present>(present: readonly P[]): P | undefined {
  return [...present].sort((a, b) => a.open - b.open || a.turn - b.turn || (a.staffId < b.staffId ? -1 : 1))[0]
}
