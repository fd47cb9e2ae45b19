import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListAsked } from './asked.ts'

const ExportMenu = lazy(() => import('./export-menu.tsx'))

/** What the list shows, as a file. The menu comes when somebody presses. */
export function ExportList({ asked }: { asked: ListAsked }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const button = (
    <button type="button" className="plain link small" aria-expanded={false} onClick={() => setOpen(true)}>
      {t('export.open')}
    </button>
  )
  if (!open) return button
  return (
    <Suspense fallback={button}>
      <ExportMenu asked={asked} close={() => setOpen(false)} />
    </Suspense>
  )
}
