import { TextInput } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { harmless } from '../../kit/pure/markup.ts'
import { isComposing } from '../../web/ui/keys.ts'
import { Answer, Empty } from '../../web/ui/states.tsx'
import { useRowsInSight } from '../../web/ui/use-rows-in-sight.ts'
import { useTyped } from '../../web/ui/use-typed.ts'
import { When } from '../../web/ui/when.tsx'
import { type CustomerRow, listCustomers } from '../contract.ts'
import './customers.css'

const ROW = 62
/** A page may be short because the customers looked at may not be known: the next ones are asked for until this many are there. */
const enough = 30

function useCustomers(q: string) {
  return useInfiniteQuery({
    queryKey: [listCustomers.id, q],
    queryFn: ({ pageParam, signal }) =>
      call(
        listCustomers,
        { query: { q, limit: pageParam ? 100 : 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** Whoever complained, to be found by name, number, address or order; arrows walk, Enter opens. */
export function CustomersPage() {
  const { t } = useTranslation()
  const { q, field } = useTyped()
  const list = useCustomers(q)
  const pages = list.data?.pages
  const rows = useMemo(() => {
    const byId = new Map(pages?.flatMap((p) => p.items).map((c) => [c.id, c]))
    return [...byId.values()]
  }, [pages])
  const { hasNextPage, isFetching, fetchNextPage } = list
  useEffect(() => {
    if (hasNextPage && !isFetching && rows.length < enough) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage, rows.length])
  const box = useRef<HTMLDivElement>(null)
  /** Arrows walk from the field through the list. */
  const walk = (e: React.KeyboardEvent) => {
    if (isComposing(e.nativeEvent) || (e.key !== 'ArrowDown' && e.key !== 'ArrowUp')) return
    e.preventDefault()
    const all = [...(box.current?.querySelectorAll<HTMLElement>('a.customer') ?? [])]
    const at = all.findIndex((a) => a === e.target)
    all[Math.max(at + (e.key === 'ArrowDown' ? 1 : -1), 0)]?.focus()
  }
  return (
    <main className="page wide customers" aria-label={t('customers.title')}>
      <h1>{t('customers.title')}</h1>
      <TextInput
        label={t('customers.find')}
        description={t('customers.find-hint')}
        maw={560}
        autoComplete="off"
        {...field}
        onKeyDown={walk}
      />
      <Answer of={list}>
        {() =>
          rows.length === 0 && !isFetching && !hasNextPage ? (
            <Empty title={q ? t('customers.none-found', { q }) : t('customers.empty')}>
              {q && <span>{t('customers.none-hint')}</span>}
            </Empty>
          ) : (
            <Rows
              rows={rows}
              box={box}
              walk={walk}
              more={hasNextPage && !isFetching ? () => void fetchNextPage() : undefined}
            />
          )
        }
      </Answer>
    </main>
  )
}

type RowsProps = {
  rows: readonly CustomerRow[]
  box: React.RefObject<HTMLDivElement | null>
  walk: (e: React.KeyboardEvent) => void
  more: (() => void) | undefined
}

function Rows({ rows, box, walk, more }: RowsProps) {
  const { t } = useTranslation()
  const { shown, height } = useRowsInSight(box, { count: rows.length, rowHeight: ROW, beyond: 8 })
  const last = shown.at(-1) ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 20) more()
  }, [more, last, rows.length])
  return (
    <div className="customer-rows" ref={box}>
      <ul style={{ height: height }} aria-label={t('customers.list')}>
        {shown.map((i) => {
          const row = rows[i]
          if (!row) return null
          return (
            <li
              key={row.id}
              style={{ transform: `translateY(${i * ROW}px)`, height: ROW }}
              aria-setsize={more ? -1 : rows.length}
              aria-posinset={i + 1}
            >
              <Line row={row} walk={walk} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Line({ row, walk }: Pick<RowsProps, 'walk'> & { row: CustomerRow }) {
  const { t } = useTranslation()
  return (
    <Link to="/customers/$id" params={{ id: row.id }} className="customer" onKeyDown={walk}>
      <b>
        <bdi>{harmless(row.name) || t('customers.no-name')}</bdi>
        {row.tier && row.tier !== 'standard' && (
          <span className="tag">{t(`tiers.${row.tier}`, { defaultValue: row.tier })}</span>
        )}
      </b>
      <span className="reach quiet">
        <bdi>{row.identities.map((i) => harmless(i.value)).join(t('common.comma'))}</bdi>
      </span>
      <span className="counts">
        {row.complaints === 0 ? (
          <span className="quiet">{t('customers.no-complaints')}</span>
        ) : (
          <>
            {row.open > 0 && <span className="soon">{t('customers.open-count', { count: row.open })}</span>}{' '}
            <span className="quiet">{t('customers.all-count', { count: row.complaints })}</span>
          </>
        )}
      </span>
      <span className="last quiet">{row.lastAt && <When at={row.lastAt} />}</span>
    </Link>
  )
}
