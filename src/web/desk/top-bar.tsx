import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Bell } from '../../notices/ui/index.ts'
import { useMay } from '../ui/session.ts'
import type { Opens } from './use-shortcuts.ts'

type Props = { organisation: string; menu: () => void; open: (what: Opens) => void }

/** What a narrow screen has at hand without its menu: finding, news and a new complaint. */
export function TopBar({ organisation, menu, open }: Props) {
  const { t } = useTranslation()
  const creates = useMay('complaint.create')
  return (
    <header className="topbar">
      <button type="button" className="plain bar-icon" aria-haspopup="dialog" aria-label={t('nav.menu')} onClick={menu}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M3 5.5h14M3 10h14M3 14.5h14" />
        </svg>
      </button>
      <b className="grow">{organisation}</b>
      <button
        type="button"
        className="plain bar-icon"
        aria-haspopup="dialog"
        aria-label={t('palette.button')}
        onClick={() => open('palette')}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M13 13l4.5 4.5M14.5 8.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0z" />
        </svg>
      </button>
      <Bell small open={() => open('notices')} />
      {creates && (
        <Link to="/new" className="bar-icon bar-new" aria-label={t('nav.new')}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M10 4v12M4 10h12" />
          </svg>
        </Link>
      )}
    </header>
  )
}
