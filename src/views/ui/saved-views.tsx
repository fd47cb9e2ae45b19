import './views.css'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../kit/client/call.ts'
import { countFiltered } from '../../complaints/contract.ts'
import { useSend } from '../../web/ui/use-call.ts'
import { listViews, restoreView, type SavedFilter, type SavedView } from '../contract.ts'
import { sameSearch, useViewCounts, useViews } from './use-views.ts'

const ViewMenu = lazy(() => import('./view-menu.tsx'))
const undoMs = 10_000

/** The saved views of a reader, shared ones first, each with what it finds. */
export function SavedViews({ search }: { search: SavedFilter | undefined }) {
  const { t } = useTranslation()
  const views = useViews()
  const counts = useViewCounts(views.length > 0)
  const [removed, setRemoved] = useState<SavedView | null>(null)
  if (views.length === 0 && !removed) return null
  return (
    <>
      <h2 id="saved-views">{t('saved-views.title')}</h2>
      <ul aria-labelledby="saved-views">
        {views.map((v) => (
          <li key={v.id} className="saved-view">
            <Link
              to="/complaints"
              search={v.filter}
              className={`nav-view${search && sameSearch(v.filter, search) ? ' here' : ''}`}
              activeProps={{ className: '' }}
              aria-current={search && sameSearch(v.filter, search) ? 'page' : undefined}
            >
              <span className="view-name" title={v.name}>
                {v.name}
              </span>
              <Count view={v} of={counts.get(v.id)} />
            </Link>
            {v.mayChange && (
              <Suspense fallback={<span className="view-more" />}>
                <ViewMenu view={v} views={views} search={search} removed={setRemoved} />
              </Suspense>
            )}
          </li>
        ))}
      </ul>
      {removed && <Removed view={removed} over={() => setRemoved(null)} />}
    </>
  )
}

type Found = { readonly count: number; readonly exact: boolean }

/** "1,000+" counts on when it is pressed. */
function Count({ view, of }: { view: SavedView; of: Found | undefined }) {
  const { t, i18n } = useTranslation()
  const [exact, setExact] = useState<number>()
  const [asking, setAsking] = useState(false)
  if (!of) return null
  if (of.exact || exact !== undefined) return <b>{(exact ?? of.count).toLocaleString(i18n.language)}</b>
  const { sort: _, ...query } = view.filter
  const ask = async (e: React.MouseEvent) => {
    e.preventDefault()
    e.stopPropagation()
    setAsking(true)
    try {
      setExact((await call(countFiltered, { query })).count)
    } finally {
      setAsking(false)
    }
  }
  const words = `${of.count.toLocaleString(i18n.language)}+`
  return (
    <button
      type="button"
      className="plain count-on"
      disabled={asking}
      title={t('saved-views.count-on')}
      onClick={(e) => void ask(e)}
    >
      <b>{words}</b>
    </button>
  )
}

function Removed({ view, over }: { view: SavedView; over: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const restore = useSend(restoreView, async () => {
    await client.invalidateQueries({ queryKey: [listViews.id] })
    over()
  })
  useEffect(() => {
    const timer = setTimeout(over, undoMs)
    return () => clearTimeout(timer)
  })
  return (
    <p className="view-removed" role="status">
      {t('saved-views.removed', { name: view.name })}{' '}
      <button type="button" className="plain link" onClick={() => restore.mutate({ params: { id: view.id } })}>
        {t('bulk.undo')}
      </button>
    </p>
  )
}
