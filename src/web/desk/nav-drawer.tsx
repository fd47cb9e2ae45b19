import { Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Nav } from './nav.tsx'
import type { Opens } from './use-shortcuts.ts'

type Props = { organisation: string; close: () => void; open: (what: Opens | 'my-desk') => void }

/** The navigation of a narrow screen. */
export default function NavDrawer({ organisation, close, open }: Props) {
  const { t } = useTranslation()
  return (
    <Drawer
      opened
      onClose={close}
      title={t('nav.menu')}
      size={260}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Nav
        organisation={organisation}
        onGo={close}
        open={(what) => {
          close()
          open(what)
        }}
      />
    </Drawer>
  )
}
