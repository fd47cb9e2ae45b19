import type { z } from 'zod'
import { type FilterName, type FilterValues, filterNames } from '../../views/domain/index.ts'
import { filters } from '../contract.ts'

/** What the address of the inbox says: a view, its filters and the order. Unknown or wrong parts are dropped. */
export type InboxSearch = Partial<z.infer<typeof filters>> & {
  readonly sort?: 'next' | 'received'
  /** Words of the line that nobody understood: told, and kept. */
  readonly rest?: string
}

export function inboxSearch(raw: Record<string, unknown>): InboxSearch {
  const kept: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(filters.shape)) {
    if (raw[name] === undefined) continue
    const parsed = shape.safeParse(String(raw[name]))
    if (parsed.success) kept[name] = parsed.data
  }
  if (raw.sort === 'received') kept.sort = 'received'
  if (raw.rest !== undefined && raw.rest !== '') kept.rest = String(raw.rest).slice(0, 400)
  return kept as InboxSearch
}

/** What is asked of the server: without the words nobody understood. */
export function asked({ rest: _rest, ...search }: InboxSearch): InboxSearch {
  return search
}

/** The filters of a search that a line of text can say. */
export function filterOf(search: InboxSearch): FilterValues {
  const said = filterNames.flatMap((name): [FilterName, string][] => {
    const value = search[name]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(said)
}

/** A search with other filters; what a line cannot say (the period of a figure, the order) stays. */
export function withFilter(search: InboxSearch, filter: FilterValues, rest: string): InboxSearch {
  const others = Object.entries(search).filter(([name]) => !(filterNames as readonly string[]).includes(name))
  return inboxSearch({ ...Object.fromEntries(others), ...filter, rest })
}

/** The filters a person can see and remove as chips (the view and the order have places of their own). */
export const chipNames = filterNames.filter((name) => name !== 'view')
export type ChipName = Exclude<FilterName, 'view'>
