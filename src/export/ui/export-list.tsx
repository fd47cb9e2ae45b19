import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { countFiltered } from '../../complaints/contract.ts'
import { read } from '../../web/ui/use-call.ts'
import { formats, mostRows } from '../contract.ts'
import { addressOfFile, type ListAsked } from './asked.ts'

/** What the list shows, as a file: the two forms it leaves in, and how many it is of. */
export function ExportList({ asked }: { asked: ListAsked }) {
  const { t, i18n } = useTranslation()
  const [opened, setOpened] = useState(false)
  const count = useCount(asked, opened)
  const tooMany = count !== undefined && count > mostRows
  const shown = count?.toLocaleString(i18n.language)
  const counted = shown && t(tooMany ? 'export.too-many' : 'export.count', { count: shown, most: mostRows })
  return (
    <Menu
      position="bottom-start"
      width={260}
      menuItemTabIndex={0}
      withInitialFocusPlaceholder={false}
      onChange={setOpened}
    >
      <Menu.Target>
        <button type="button" className="plain link small">
          {t('export.open')}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div role="group" aria-label={[t('export.menu'), counted].filter(Boolean).join(t('common.dot'))}>
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
          <p className="menu-label" aria-hidden="true">
            {counted || t('export.menu')}
          </p>
          <p className="why-not export-noted" aria-hidden="true">
            {!tooMany && t('export.noted')}
          </p>
        </div>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Of a list exactly, once somebody asks; a search is not counted. */
function useCount(asked: ListAsked, opened: boolean): number | undefined {
  const { sort: _, ...filter } = asked.of === 'list' ? asked.search : {}
  return useQuery({ ...read(countFiltered, { query: filter }), enabled: opened && asked.of === 'list' }).data?.count
}
