import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../web/ui/states.tsx'
import { chipNames, type InboxSearch } from './inbox-search.ts'

/** Nothing here: said for what was asked, with the way on. */
export function EmptyView({ search }: { search: InboxSearch }) {
  const { t } = useTranslation()
  const filters = chipNames.filter((name) => search[name] !== undefined)
  const [only] = filters
  const special = filters.length === 1 && (only === 'due' || only === 'waitingFor') ? search[only] : undefined
  if (filters.length > 0 && special === undefined)
    return (
      <Empty title={t('inbox.empty')}>
        <Link className="link" to="/complaints" search={{ view: search.view ?? 'all' }}>
          {t('inbox.without-filters')}
        </Link>
      </Empty>
    )
  const name = special ?? search.view ?? 'all'
  return (
    <Empty title={t(`inbox-empty.${name}`)}>
      {name === 'mine' && (
        <Link className="link" to="/complaints" search={{ view: 'unassigned' }}>
          {t('inbox-empty.take-one')}
        </Link>
      )}
    </Empty>
  )
}
