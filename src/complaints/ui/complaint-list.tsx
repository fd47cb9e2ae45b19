import { Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isComposing, isTyping, shortcutsOn } from '../../web/ui/keys.ts'
import { Empty } from '../../web/ui/states.tsx'
import { Due, When } from '../../web/ui/when.tsx'
import type { ComplaintRow } from '../contract.ts'
import type { InboxSearch } from './inbox-search.ts'
import { forgetNews, useNews } from './news.ts'
import { type Names, useNames } from './use-names.ts'

const ROW = 82

type Props = {
  rows: readonly ComplaintRow[]
  search: InboxSearch
  openId: string | undefined
  more: (() => unknown) | undefined
  refresh: () => Promise<unknown>
}

/** Complaints by the nearest clock; only the rows in sight are in the page. */
export function ComplaintList({ rows, search, openId, more, refresh }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const box = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 6,
    getItemKey: (i) => rows[i]?.id ?? i,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 10) more()
  }, [more, last, rows.length])
  useRowKeys(rows, search, openId, (i) => virtual.scrollToIndex(i))
  return (
    <>
      <News
        list={JSON.stringify(search)}
        refresh={refresh}
        top={() => virtual.scrollToOffset(0)}
        empty={rows.length === 0}
      />
      {rows.length === 0 && <Empty title={t('inbox.empty')}>{t('inbox.empty-hint')}</Empty>}
      <div className="rows" ref={box}>
        <ul style={{ height: virtual.getTotalSize() }} aria-label={t('inbox.list')}>
          {shown.map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <li
                key={item.key}
                style={{ transform: `translateY(${item.start}px)`, height: ROW }}
                aria-setsize={more ? -1 : rows.length}
                aria-posinset={item.index + 1}
              >
                <Row row={row} search={search} on={row.id === openId} names={names} />
              </li>
            )
          })}
        </ul>
      </div>
    </>
  )
}

function Row({ row, search, on, names }: { row: ComplaintRow; search: InboxSearch; on: boolean; names: Names }) {
  const { t } = useTranslation()
  const where = [row.number, names.channel(row.channel), names.place(row.placeId)].filter(Boolean)
  return (
    <Link
      to="/complaints/$id"
      params={{ id: row.id }}
      search={search}
      className={`row${on ? ' on' : ''}${row.open ? '' : ' ended'}`}
      aria-current={on ? 'true' : undefined}
    >
      <span className="t">
        {row.restricted && <span className="tag">{t('complaint.restricted')}</span>}{' '}
        {row.title || row.snippet || row.number}
      </span>
      {row.open && row.nextDueAt ? (
        <Due at={row.nextDueAt} />
      ) : (
        <span className="due calm">{row.open ? <When at={row.receivedAt} /> : names.state(row.state)}</span>
      )}
      <span className="s">{row.snippet}</span>
      <span className="m">
        {row.nextClock && row.open && <span className="w">{names.clock(row.nextClock)}</span>}
        {row.open && (!row.assessed || row.severity === 'high' || row.severity === 'critical') && (
          <span className="w" title={names.severityOf(row)}>
            {row.assessed ? names.severityOf(row) : t('context.not-assessed')}
          </span>
        )}
        <span className="where">{where.join('・')}</span>
        <span className="who">{row.owner?.name ?? t('complaint.unassigned')}</span>
      </span>
    </Link>
  )
}

function News({
  list,
  refresh,
  top,
  empty,
}: {
  list: string
  refresh: () => Promise<unknown>
  top: () => void
  empty: boolean
}) {
  const { t } = useTranslation()
  const count = useNews(list)
  const show = () => {
    forgetNews(list)
    void refresh().then(top)
  }
  useEffect(() => {
    if (count > 0 && empty) show()
  })
  return (
    <div aria-live="polite" className="news">
      {count > 0 && (
        <button type="button" onClick={show}>
          {t('inbox.new', { count })}
        </button>
      )}
    </div>
  )
}

/** J and K go to the next and the previous complaint, without leaving the keyboard. */
function useRowKeys(
  rows: readonly ComplaintRow[],
  search: InboxSearch,
  openId: string | undefined,
  scroll: (i: number) => void,
): void {
  const navigate = useNavigate()
  const latest = useRef({ rows, search, openId, scroll })
  latest.current = { rows, search, openId, scroll }
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const step = e.key === 'j' ? 1 : e.key === 'k' ? -1 : 0
      if (step === 0 || !shortcutsOn() || e.ctrlKey || e.metaKey || e.altKey || isComposing(e) || isTyping(e.target))
        return
      const now = latest.current
      const next = now.rows.findIndex((r) => r.id === now.openId) + step
      const row = now.rows[next]
      if (!row) return
      e.preventDefault()
      now.scroll(next)
      void navigate({
        to: '/complaints/$id',
        params: { id: row.id },
        search: now.search,
        replace: now.openId !== undefined,
      })
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate])
}
