import { Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Nav } from './nav.tsx'

/** The navigation of a narrow screen. */
export default function NavDrawer({ organisation, close }: { organisation: string; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer
      opened
      onClose={close}
      title={t('nav.menu')}
      size={260}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Nav organisation={organisation} onGo={close} />
    </Drawer>
  )
}
