import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { countFiltered } from '../../complaints/contract.ts'
import { read } from '../../web/ui/use-call.ts'
import { formats, mostRows } from '../contract.ts'
import { addressOfFile, type ListAsked } from './asked.ts'

type Props = { readonly asked: ListAsked; readonly close: () => void }

/** How many there are, and the two forms a list leaves in. */
export default function ExportMenu({ asked, close }: Props) {
  const { t, i18n } = useTranslation()
  const { sort: _, ...filter } = asked.of === 'list' ? asked.search : {}
  const counted = useQuery({ ...read(countFiltered, { query: filter }), enabled: asked.of === 'list' })
  const count = counted.data?.count
  const most = mostRows.toLocaleString(i18n.language)
  const tooMany = count !== undefined && count > mostRows
  const shown = count?.toLocaleString(i18n.language)
  return (
    <Menu opened onChange={(opened) => !opened && close()} position="bottom-start" width={260} trapFocus>
      <Menu.Target>
        <button type="button" className="plain link small">
          {t('export.open')}
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('export.menu')}>
        {formats.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={addressOfFile(asked, format, i18n.language)}
            download
            disabled={tooMany || count === 0}
          >
            {t(`export.${format}`)}
          </Menu.Item>
        ))}
        <p className="menu-label" role="status">
          {shown !== undefined && t(tooMany ? 'export.too-many' : 'export.count', { count: shown, most })}{' '}
          {!tooMany && t('export.noted')}
        </p>
      </Menu.Dropdown>
    </Menu>
  )
}
