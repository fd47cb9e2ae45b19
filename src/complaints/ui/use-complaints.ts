import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import { call } from '../../kit/client/call.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { listComplaints } from '../contract.ts'
import { asked, type InboxSearch } from './inbox-search.ts'
import { farPages, filledPage, isThin, pageOfRow } from './thin-pages.ts'

type Page = ReplyOf<typeof listComplaints>
type Pages = InfiniteData<Page, string>

const keptMs = 30 * 60_000

/** A list page by page: far pages keep only the ids of their rows, and are asked for again when somebody comes back. */
export function useComplaints(whole: InboxSearch) {
  const client = useQueryClient()
  const search = useMemo(() => asked(whole), [whole])
  const key = useMemo(() => [listComplaints.id, search], [search])
  const read = useCallback(
    (cursor: string, signal?: AbortSignal) => {
      const { open, ...rest } = search
      const query = { ...rest, ...(open ? { open } : {}), limit: cursor ? 100 : 50, ...(cursor ? { cursor } : {}) }
      return call(listComplaints, { query }, signal ? { signal } : {})
    },
    [search],
  )
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: keptMs,
    // Comparing thousands of rows with themselves costs more than drawing the few in sight.
    structuralSharing: false,
  })
  const pages = list.data?.pages
  const rows = useMemo(() => pages?.flatMap((p) => p.items) ?? [], [pages])

  /** Called with the rows in sight: fills what was emptied there, empties what is far. */
  const inSight = useCallback(
    (first: number, last: number) => {
      const data = client.getQueryData<Pages>(key)
      if (!data) return
      const [from, to] = [pageOfRow(data.pages, first), pageOfRow(data.pages, last)]
      for (const n of new Set([from, to]))
        if (data.pages[n]?.items.some(isThin)) {
          const cursor = data.pageParams[n] ?? ''
          void read(cursor).then((fresh) =>
            client.setQueryData<Pages>(key, (now) => now && { ...now, pages: filledPage(now.pages, n, fresh.items) }),
          )
        }
      const thinner = farPages(data.pages, from, to)
      if (thinner) client.setQueryData<Pages>(key, (now) => now && { ...now, pages: thinner })
    },
    [client, key, read],
  )

  /** From the top again: one page, not all that were ever loaded. */
  const refresh = useCallback(async () => {
    client.setQueryData<Pages>(
      key,
      (now) => now && { pages: now.pages.slice(0, 1), pageParams: now.pageParams.slice(0, 1) },
    )
    await client.refetchQueries({ queryKey: key, exact: true })
  }, [client, key])

  /** One more page; asked for twice it is still one. */
  const coming = useRef<Promise<unknown>>(undefined)
  const { fetchNextPage } = list
  const more = useCallback(() => {
    coming.current ??= fetchNextPage().finally(() => (coming.current = undefined))
    return coming.current
  }, [fetchNextPage])

  return { list, rows, more, inSight, refresh }
}
