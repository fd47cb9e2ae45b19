import type { Balance, Numbers } from './roll-up.ts'

export type Figure = keyof Numbers | keyof Balance | 'replied'
type Between = { readonly from: string; readonly to: string }

/** Which filter of the list holds a dimension. */
const filterOf = {
  type: 'type',
  product: 'productId',
  place: 'placeId',
  team: 'teamId',
  owner: 'ownerId',
  channel: 'channel',
  severity: 'severity',
} as const
export type By = keyof typeof filterOf

/** The filters of the list that a figure opens: of all, or of one value (null: of those without one). */
export function listOf(
  figure: Figure,
  { from, to }: Between,
  row?: { readonly by: By; readonly key: string | null },
): Record<string, string> {
  const all = { open: 'any', figure, from, to }
  if (!row) return all
  return row.key === null ? { ...all, without: row.by } : { ...all, [filterOf[row.by]]: row.key }
}
