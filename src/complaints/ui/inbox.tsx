import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { listComplaints } from '../contract.ts'
import { Filters } from './filters.tsx'
import type { InboxSearch } from './inbox-search.ts'
import { ComplaintList } from './complaint-list.tsx'
import './inbox.css'

const route = getRouteApi('/shell/complaints')

function useComplaints(search: InboxSearch) {
  return useInfiniteQuery({
    queryKey: [listComplaints.id, search],
    queryFn: ({ pageParam, signal }) =>
      call(listComplaints, { query: { ...search, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The list on the left, the complaint on the right; on a phone one at a time. */
export function Inbox() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const { id } = useParams({ strict: false })
  const list = useComplaints(search)
  const title = search.due ? t(`views.${search.due}`) : t(`views.${search.view ?? 'all'}`)
  return (
    <div className={id ? 'inbox reading' : 'inbox'}>
      <section className="list" aria-label={title}>
        <header>
          <h1>{title}</h1>
          <Filters search={search} />
        </header>
        <Answer of={list}>
          {(data) => (
            <ComplaintList
              rows={data.pages.flatMap((p) => p.items)}
              search={search}
              openId={id}
              more={list.hasNextPage && !list.isFetchingNextPage ? list.fetchNextPage : undefined}
              refresh={() => list.refetch()}
            />
          )}
        </Answer>
      </section>
      {id ? (
        <Outlet />
      ) : (
        <div className="pane none">
          <Empty title={t('inbox.nothing-open')}>{t('inbox.pick-one')}</Empty>
        </div>
      )}
    </div>
  )
}
