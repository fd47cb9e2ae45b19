import { filters } from '../contract.ts'

/** What the address of the inbox says: a view, its filters and the order. Unknown or wrong parts are dropped. */
export type InboxSearch = {
  readonly view?: 'mine' | 'team' | 'unassigned' | 'review' | 'all'
  readonly open?: 'true' | 'false' | 'any'
  readonly state?: string
  readonly teamId?: string
  readonly ownerId?: string
  readonly placeId?: string
  readonly productId?: string
  readonly customerId?: string
  readonly type?: string
  readonly severity?: 'low' | 'medium' | 'high' | 'critical' | 'unassessed'
  readonly channel?: string
  readonly flag?: string
  readonly due?: 'overdue' | 'soon'
  readonly sort?: 'next' | 'received'
}

export function inboxSearch(raw: Record<string, unknown>): InboxSearch {
  const kept: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(filters.shape)) {
    if (raw[name] === undefined) continue
    const parsed = shape.safeParse(String(raw[name]))
    if (parsed.success) kept[name] = parsed.data
  }
  if (raw.sort === 'received') kept.sort = 'received'
  return kept as InboxSearch
}

/** The filters a person can see and remove as chips (view and order have places of their own). */
export const chipNames = [
  'open',
  'state',
  'teamId',
  'ownerId',
  'placeId',
  'productId',
  'customerId',
  'type',
  'severity',
  'channel',
  'flag',
  'due',
] as const
export type ChipName = (typeof chipNames)[number]
