import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNames } from '../../complaints/ui/index.ts'
import { ExportList } from '../../export/ui/index.ts'
import { call } from '../../kit/client/call.ts'
import type { ReplyOf } from '../../kit/contract/endpoint.ts'
import { Page } from '../../web/ui/page.tsx'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { When } from '../../web/ui/when.tsx'
import { searchComplaints } from '../contract.ts'

const route = getRouteApi('/shell/search')
type Item = ReplyOf<typeof searchComplaints>['items'][number]

/** Words, numbers, names, telephone endings: newest first or best first, with the places where they were found. */
export function SearchPage() {
  const { t } = useTranslation()
  const { q = '', order = 'newest', open = false } = route.useSearch()
  const navigate = useNavigate()
  const [text, setText] = useState(q)
  const list = useInfiniteQuery({
    queryKey: [searchComplaints.id, { q, order, open }],
    queryFn: ({ pageParam, signal }) =>
      call(
        searchComplaints,
        {
          query: { q, order, ...(open ? { open: 'true' as const } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    enabled: q.trim() !== '',
  })
  const go = (part: { q?: string; order?: 'newest' | 'ranked'; open?: boolean }) =>
    void navigate({ to: '/search', search: { q, order, open, ...part }, replace: true })
  return (
    <Page title={t('search.title')}>
      <form
        className="stack"
        role="search"
        onSubmit={(e) => {
          e.preventDefault()
          go({ q: text.trim() })
        }}
      >
        <div className="row-flex">
          <TextInput
            className="grow"
            type="search"
            aria-label={t('search.words')}
            placeholder={t('search.hint')}
            autoFocus
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <Button type="submit">{t('nav.search')}</Button>
        </div>
        <div className="row-flex">
          <NativeSelect
            size="xs"
            aria-label={t('search.order')}
            value={order}
            onChange={(e) => go({ order: e.currentTarget.value === 'ranked' ? 'ranked' : 'newest' })}
            data={[
              { value: 'newest', label: t('search.newest') },
              { value: 'ranked', label: t('search.ranked') },
            ]}
          />
          <Checkbox
            size="xs"
            label={t('search.open-only')}
            checked={open}
            onChange={(e) => go({ open: e.currentTarget.checked })}
          />
          {q.trim() !== '' && (
            <ExportList asked={{ of: 'search', search: { q, order, ...(open ? { open: 'true' } : {}) } }} />
          )}
        </div>
      </form>
      {q.trim() !== '' && (
        <Answer of={list}>
          {(data) => {
            const items = data.pages.flatMap((p) => p.items)
            if (items.length === 0) return <Empty title={t('search.none', { q })}>{t('search.none-hint')}</Empty>
            return (
              <>
                <ol className="results" aria-label={t('search.results')}>
                  {items.map((item) => (
                    <Result key={item.complaint.id + item.at} item={item} />
                  ))}
                </ol>
                {list.hasNextPage && (
                  <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    {t('common.more')}
                  </Button>
                )}
              </>
            )
          }}
        </Answer>
      )}
    </Page>
  )
}

function Result({ item }: { item: Item }) {
  const { t } = useTranslation()
  const names = useNames()
  const { complaint: c } = item
  return (
    <li>
      <Link to="/complaints/$id" params={{ id: c.id }} search={{ open: 'any' }} className="result">
        <b>{c.title || c.number}</b>
        <span className="quiet small">
          {c.number}
          {t('common.dot')}
          {names.state(c.state)}
          {t('common.dot')}
          <When at={item.at} />
          {c.owner ? `${t('common.dot')}${c.owner.name}` : ''}
        </span>
        {item.hits.map((hit, i) => (
          <span key={`${hit.messageId}${i}`} className={hit.where === 'note' ? 'found-in note-line' : 'found-in'}>
            {hit.where === 'note' && <span className="label">{t('search.in-note')} </span>}
            {hit.parts.map((p, j) =>
              p.hit ? (
                <mark key={j} className="hit">
                  {p.text}
                </mark>
              ) : (
                p.text
              ),
            )}
          </span>
        ))}
      </Link>
    </li>
  )
}
