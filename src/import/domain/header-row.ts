import type { Cell } from './told.ts'

/** So many rows are looked at for the one with the names of the columns. */
export const headRows = 20

const filled = (row: readonly (Cell | undefined)[]) =>
  row.filter((c) => c !== null && c !== undefined && c !== '').length

/**
 * Which of the first rows (those with anything in them) names the columns, from 0: what stands above it is a title, in one merged
 * cell or a few. The first one that is at least half as full as the usual one: a single row beyond measure says nothing.
 */
export function headerRow(rows: readonly (readonly (Cell | undefined)[])[]): number {
  const counts = rows.slice(0, headRows).map(filled)
  const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0
  if (usual < 3) return 0
  return Math.max(
    0,
    counts.findIndex((count) => count * 2 >= usual),
  )
}
