import { Button, Menu } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilesState } from '../../web/ui/file-drop.tsx'
import type { ComposerMode } from './composer.tsx'
import type { Command } from './use-command.ts'

/** What happens in the same moment as the sending. */
export type Next = 'nothing' | 'wait' | 'close'

type Props = {
  mode: ComposerMode
  /** Whom the words are for: a reply may be to an authority. */
  whom: ComposerMode | 'authority'
  told: boolean
  missing: readonly string[]
  command: Command
  files: FilesState
  /** The same function for as long as the writer is open. */
  send: (next: Next) => void
  offers: readonly Next[]
  closing: boolean
  empty: boolean
  children: React.ReactNode
}

/** Where the words go, what is missing, where the draft is, and the button that says exactly what it does. */
export function Foot({ mode, whom, told, missing, command, files, send, offers, closing, empty, children }: Props) {
  const { t } = useTranslation()
  const goes = mode === 'note' ? 'never-outside' : mode === 'append' ? 'as-said' : told ? 'was-told' : 'goes-out'
  return (
    <div className="foot">
      <span className="miss" aria-live="polite">
        {missing.length > 0 && t('composer.missing', { what: missing.join(t('common.comma')) })}
      </span>
      <span className="quiet small">{t(`composer.${goes}`)}</span>
      {children}
      <span className="grow" />
      <SendButtons
        {...{ mode, whom, told, send, closing }}
        pending={command.pending}
        disabled={empty || files.busy || missing.length > 0}
        offers={offers.join(' ')}
      />
    </div>
  )
}

type ButtonsProps = Pick<Props, 'mode' | 'whom' | 'told' | 'send' | 'closing'> & {
  pending: boolean
  disabled: boolean
  /** Names of `Next`, in one text. */
  offers: string
}

const sendKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘↵' : 'Ctrl ↵'

/** Not drawn again with each character. */
const SendButtons = memo(function SendButtons(props: ButtonsProps) {
  const { mode, whom, told, send, closing, pending, disabled, offers } = props
  const { t } = useTranslation()
  const more = (['wait', 'close'] as const).filter((next) => offers.includes(next))
  const note = mode === 'note' ? { className: 'note-send' } : {}
  return (
    <Button.Group className="send">
      <Button
        variant={mode === 'reply' ? 'filled' : 'default'}
        {...note}
        loading={pending}
        disabled={disabled}
        onClick={() => send(closing ? 'close' : 'nothing')}
      >
        {closing
          ? t('composer.send-and-close')
          : t(`composer.${whom === 'authority' ? whom : told ? 'told' : mode}-send`)}{' '}
        <kbd aria-hidden="true">{sendKey}</kbd>
      </Button>
      {more.length > 0 && !closing && (
        <Menu position="top-end">
          <Menu.Target>
            <Button variant="filled" px={8} disabled={disabled} aria-label={t('composer.more-ways')}>
              ▾
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {more.map((next) => (
              <Menu.Item key={next} onClick={() => send(next)}>
                {t(`composer.send-and-${next}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Button.Group>
  )
})
