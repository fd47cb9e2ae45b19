import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../../web/ui/page.tsx'
import type { SettingList } from '../contract.ts'
import { ListEditor } from './list-editor.tsx'

/** What complaints are about: products, services, units. */
export function ProductsPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('nav.products')} hint={t('settings.hint-products')} wide>
      <ListEditor list="products" />
    </Page>
  )
}

/** Where it happened, region by region. */
export function PlacesPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('nav.places')} hint={t('settings.hint-places')} wide>
      <ListEditor list="places" />
    </Page>
  )
}

const lists = ['issue', 'root_cause', 'outcome', 'risk_flag'] as const satisfies readonly SettingList[]

/** What happened, why, what was found, what risk: four questions, never one list. */
export function TypesPage() {
  const { t } = useTranslation()
  const { list = 'issue' } = useSearch({ strict: false }) as { list?: (typeof lists)[number] }
  return (
    <Page title={t('nav.types')} hint={t('settings.hint-types')} wide>
      <nav className="settings-tabs" aria-label={t('nav.types')}>
        {lists.map((one) => (
          <Link
            key={one}
            to="/settings/types"
            search={{ list: one }}
            className="nav-view"
            aria-current={one === list ? 'page' : undefined}
          >
            {t(`settings.lists.${one}`)}
          </Link>
        ))}
      </nav>
      <ListEditor key={list} list={list} />
    </Page>
  )
}
