import { useQuery } from '@tanstack/react-query'
import { read } from '../../web/ui/use-call.ts'
import { countComplaints } from '../../complaints/contract.ts'
import { countViews, listViews, type SavedFilter, type SavedView } from '../contract.ts'

export function useViews(): readonly SavedView[] {
  return useQuery({ ...read(listViews, {}), staleTime: 60_000 }).data?.items ?? []
}

/** How many each view finds. Kept under the key of all counts, so that what makes those old makes these old. */
export function useViewCounts(any: boolean): ReadonlyMap<string, { count: number; exact: boolean }> {
  const { queryFn } = read(countViews, {})
  const found = useQuery({ queryKey: [countComplaints.id, 'views'], queryFn, enabled: any }).data
  const items = (found as { items: { id: string; count: number; exact: boolean }[] } | undefined)?.items ?? []
  return new Map(items.map((i) => [i.id, i]))
}

/** Whether two searches say the same; what is usual need not be said. */
export function sameSearch(a: SavedFilter, b: SavedFilter): boolean {
  return plain(a) === plain(b)
}

function plain(search: SavedFilter): string {
  const { view = 'all', open = 'true', sort = 'next', ...rest } = search
  const said = Object.entries({ ...rest, view, open, sort: open === 'true' ? sort : 'received' })
  return JSON.stringify(said.filter(([, value]) => value !== undefined).sort())
}

/** The saved view that is this search. */
export function useSavedViewOf(search: SavedFilter): SavedView | undefined {
  return useViews().find((v) => sameSearch(v.filter, search))
}
