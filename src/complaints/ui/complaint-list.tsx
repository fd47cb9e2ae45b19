import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../web/ui/session.ts'
import { read } from '../../web/ui/use-call.ts'
import { useRowsInSight } from '../../web/ui/use-rows-in-sight.ts'
import { type ComplaintRow, owners } from '../contract.ts'
import { noteFocused } from './asked-act.ts'
import { BulkBar } from './bulk-bar.tsx'
import { BulkNote } from './bulk-note.tsx'
import { Row, type RowProps } from './complaint-row.tsx'
import { EmptyView } from './empty-view.tsx'
import { asked, type InboxSearch } from './inbox-search.ts'
import { News } from './news-pill.tsx'
import { pressNextStep } from './press-next-step.ts'
import { isThin } from './thin-pages.ts'
import { type PickKind, Triage } from './triage.tsx'
import { type Step, useBulk } from './use-bulk.ts'
import { useHandoverKeys } from './use-handover-keys.ts'
import { type ListKey, useListKeys } from './use-list-keys.ts'
import { useNames } from './use-names.ts'
import { usePlace } from './use-place.ts'
import { mostSelected, useSelection } from './use-selection.ts'

const ROW = 82

type Props = {
  rows: readonly ComplaintRow[]
  search: InboxSearch
  openId: string | undefined
  more: (() => Promise<unknown>) | undefined
  loading: boolean
  refresh: () => Promise<unknown>
  inSight: (first: number, last: number) => void
}

/** Complaints by what must happen next; only the rows in sight are in the page. One of them has the focus of the keys. */
export function ComplaintList({ rows, search, openId, more, loading, refresh, inSight }: Props) {
  const { t } = useTranslation()
  const names = useNames()
  const navigate = useNavigate()
  const box = useRef<HTMLDivElement>(null)
  const list = JSON.stringify(asked(search))
  const selection = useSelection(rows, list)
  const bulk = useBulk()
  const mays = useMays()
  const addressOf = useAddresses(search)
  const handover = useHandoverKeys()
  const [pick, setPick] = useState<{ kind: PickKind; rows: readonly ComplaintRow[] } | null>(null)
  const { shown, height, scrollTo, reveal } = useRowsInSight(box, { count: rows.length, rowHeight: ROW, beyond: 6 })
  const place = usePlace({ list, rows, openId, box, scrollTo: reveal, more })
  const focusedId = rows[place.at]?.id ?? null
  useEffect(() => {
    noteFocused(focusedId)
    return () => noteFocused(null)
  }, [focusedId])
  const [first, last] = [shown[0] ?? 0, shown.at(-1) ?? 0]
  useEffect(() => {
    if (more && !loading && last >= rows.length - 30) void more()
  }, [more, loading, last, rows.length])
  useEffect(() => inSight(first, last), [inSight, first, last])
  usePrefetchedOwners(mays.assign)

  const chosenRows = () => rows.filter((r) => selection.ids.has(r.id) && !isThin(r))
  const targets = () => {
    if (selection.ids.size > 0) return chosenRows()
    const at = rows[place.at]
    return at ? [at] : []
  }
  const begin = (kind: PickKind): boolean => {
    const needs = {
      severity: mays.assess,
      type: mays.assess,
      triage: mays.assess && mays.assign,
      link: mays.merge,
      note: mays.note,
      assign: mays.assign,
      helper: mays.assign,
    }
    const open = targets().filter((r) => r.open || kind === 'note' || kind === 'link')
    if (!needs[kind] || open.length === 0) return false
    setPick({ kind, rows: open })
    return true
  }
  const close = () => {
    setPick(null)
    place.focus()
  }
  const act = (step: Step, { more: next, over }: { more: boolean; over: boolean }) => {
    if (!pick) return
    const [only] = pick.rows
    const alone = pick.rows.length === 1 && only && selection.ids.size === 0
    bulk.start(
      alone && !next ? { ...step, label: t('bulk.one-of', { number: only.number, what: step.label }) } : step,
      pick.rows,
      next,
    )
    if (!over) return
    setPick(null)
    if (alone) place.move(1, only.id)
    else {
      selection.clear()
      place.focus()
    }
  }
  const openRow = (row: ComplaintRow | undefined) => {
    if (!row) return false
    void navigate({ to: '/complaints/$id', params: { id: row.id }, search, replace: openId !== undefined })
    return true
  }
  const onKey = (key: ListKey): boolean => {
    if (pick) return false
    if (key === 'next' || key === 'previous') return place.move(key === 'next' ? 1 : -1)
    if (key === 'open') return openRow(rows[place.at])
    if (key === 'step') return openRow(rows[place.at]) && pressNextStep()
    if (key === 'select-all') {
      selection.all(rows)
      return true
    }
    if (key === 'clear') {
      selection.clear()
      return true
    }
    if (key === 'undo') {
      bulk.undo()
      return true
    }
    if (key === 'select') {
      const row = rows[place.at]
      if (row) selection.toggle(row.id)
      return row !== undefined
    }
    if (key === 'accept' || key === 'decline') return handover.answer(rows[place.at], key, openRow)
    return begin(key)
  }
  useListKeys(box, onKey)

  const byPointer = useRef<RowProps['pointed']>(() => undefined)
  byPointer.current = (id, how) => {
    if (how === 'open') void navigate({ to: '/complaints/$id', params: { id }, search })
    else if (how === 'toggle') selection.toggle(id)
    else if (how === 'range') selection.range(id)
    place.set(id)
  }
  const pointed = useCallback<RowProps['pointed']>((id, how) => byPointer.current(id, how), [])

  return (
    <>
      {selection.ids.size > 0 && (
        <BulkBar
          count={selection.ids.size}
          most={mostSelected}
          mays={mays}
          begin={begin}
          clear={selection.clear}
          running={bulk.run?.state === 'running'}
          all={async () => selection.all(await place.loadUpTo(mostSelected))}
        />
      )}
      <News list={list} refresh={refresh} top={() => scrollTo(0)} empty={rows.length === 0} />
      {rows.length === 0 && <EmptyView search={search} />}
      <div className="rows" ref={box} onScroll={place.keep}>
        <ul style={{ height: height }} aria-label={t('inbox.list')}>
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
                <Row
                  row={row}
                  href={addressOf(row.id)}
                  open={row.id === openId}
                  focused={i === place.at}
                  selected={selection.ids.has(row.id)}
                  busy={bulk.busy.has(row.id)}
                  names={names}
                  pointed={pointed}
                />
              </li>
            )
          })}
        </ul>
      </div>
      {pick && (
        <Triage
          key={pick.kind + pick.rows[0]?.id}
          kind={pick.kind}
          rows={pick.rows}
          act={act}
          close={close}
          left={() => setPick(null)}
        />
      )}
      <BulkNote bulk={bulk} />
    </>
  )
}

function useMays() {
  return {
    assign: useMay('complaint.assign'),
    assess: useMay('complaint.assess'),
    merge: useMay('complaint.merge'),
    note: useMay('complaint.note'),
  }
}
export type Mays = ReturnType<typeof useMays>

/** The addresses of complaints in this list; the page of one is fetched before anybody opens it. */
function useAddresses(search: InboxSearch): (id: string) => string {
  const router = useRouter()
  useEffect(() => {
    void router.preloadRoute({ to: '/complaints/$id', params: { id: '-' }, search }).catch(() => undefined)
  }, [router, search])
  return useMemo(() => {
    const { publicHref } = router.buildLocation({ to: '/complaints/$id', params: { id: 'a-complaint' }, search })
    const [before, after] = router.history.createHref(publicHref).split('a-complaint')
    return (id) => `${before}${id}${after}`
  }, [router, search])
}

/** Whom to give it to is there before anybody presses A. The picker is not loaded late either: a key must not be lost. */
function usePrefetchedOwners(may: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!may) return
    void client.prefetchQuery({ ...read(owners, {}), staleTime: 30_000 })
  }, [client, may])
}
