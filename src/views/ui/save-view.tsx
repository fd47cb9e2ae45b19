import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listViews, type SavedFilter, type SavedView } from '../contract.ts'
import { sameSearch } from './use-views.ts'

const SaveForm = lazy(() => import('./save-form.tsx'))

/** Keeps what is filtered now under a name. Not offered for what has one already. */
export function SaveView({ search, saved }: { search: SavedFilter; saved: SavedView | undefined }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const { view, ...rest } = search
  if (saved || (sameSearch(rest, {}) && !open)) return null
  if (!open)
    return (
      <button type="button" className="plain link small" onClick={() => setOpen(true)}>
        {t('saved-views.save')}
      </button>
    )
  const done = () => {
    setOpen(false)
    void client.invalidateQueries({ queryKey: [listViews.id] })
  }
  return (
    <Suspense>
      <SaveForm search={{ ...rest, ...(view ? { view } : {}) }} done={done} close={() => setOpen(false)} />
    </Suspense>
  )
}
